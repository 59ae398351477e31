//! What a gradient check found.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::difference::Verdict;

/// The gradients of a network by back-propagation, compared with differences of its loss.
///
/// A derivative passes if it is as near to the central difference as rounding and curvature allow, which is taken to be
/// `1e-7 · max(1, |loss|, |derivative|)` in `f64` and `5e-3` of that in `f32`. Where it is not, smaller steps and
/// one-sided differences tell whether the step crossed a kink. On a kink, such as that of the rectifier at 0, anything
/// between the two one-sided derivatives passes.
///
/// Where several kinks meet, as for a blank image and the zero biases of a fresh network, those two need not enclose what
/// back-propagation rightly says. A derivative that nothing confirms there, but that is right at all of eight points around,
/// is undecided: it is reported, and neither right nor wrong. To have it decided, move away from the kinks: give biases and
/// inputs that are not 0 alike, as [`grad_check_random`](crate::GradCheck::grad_check_random) does.
///
/// It prints a line a tensor:
///
/// ```text
/// affine1.weight: 2.7e-11, largest 1.9e-10 at 1203, 2 kinks
/// affine1.bias:   7.4e-13, largest 2.2e-12 at 7
/// x:              3.1e-1, largest 4.0e-1 at 5, 3 undecided; WRONG at 5: 0.8 by back-propagation, 0.4 by differences
/// ```
#[derive(Clone, Debug)]
pub struct GradientReport {
    loss: f64,
    tensors: Vec<TensorReport>,
}

/// What a gradient check found in one tensor: a parameter, or an input of the network.
#[derive(Clone, Debug)]
pub struct TensorReport {
    /// The name of the parameter, such as `affine1.weight`, or of the input.
    pub name: String,
    /// The number of comparisons.
    pub compared: usize,
    /// The mean absolute difference.
    pub mean_difference: f64,
    /// The comparison with the largest absolute difference; `None` for a tensor without scalars.
    pub largest: Option<Comparison>,
    /// The number of comparisons that passed only for a kink within the step.
    pub kinks: usize,
    /// The number of comparisons that could not be decided, because several kinks meet; they do not count for the
    /// differences.
    pub undecided: usize,
    /// Of the comparisons that did not pass, the one with the largest absolute difference.
    pub wrong: Option<Comparison>,
}

/// One derivative, computed twice.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// Which scalars of the tensor, column after column: one, or those along which a random direction leads.
    pub at: Range<usize>,
    /// The derivative by back-propagation.
    pub gradient: f64,
    /// The derivative by differences of the loss.
    pub numerical: f64,
    pub(super) verdict: Verdict,
}

impl Comparison {
    /// The absolute difference.
    #[must_use]
    pub fn difference(&self) -> f64 {
        (self.gradient - self.numerical).abs()
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.verdict == Verdict::Wrong
    }

    /// Whether this difference is larger; a NaN is larger than any number.
    fn exceeds(&self, other: &Self) -> bool {
        self.difference() > other.difference() || (self.difference().is_nan() && !other.difference().is_nan())
    }
}

impl TensorReport {
    #[expect(clippy::cast_precision_loss, reason = "no tensor has 2^52 scalars")]
    pub(super) fn new(name: String, comparisons: &[Comparison]) -> Self {
        let decided = || comparisons.iter().filter(|comparison| comparison.verdict != Verdict::Undecided);
        let sum: f64 = decided().map(Comparison::difference).sum();
        Self {
            name,
            compared: comparisons.len(),
            mean_difference: sum / decided().count().max(1) as f64,
            largest: largest(decided()),
            kinks: comparisons.iter().filter(|comparison| comparison.verdict == Verdict::Kink).count(),
            undecided: comparisons.len() - decided().count(),
            wrong: largest(comparisons.iter().filter(|comparison| comparison.is_wrong())),
        }
    }
}

fn largest<'a>(comparisons: impl Iterator<Item = &'a Comparison>) -> Option<Comparison> {
    comparisons.reduce(|largest, next| if next.exceeds(largest) { next } else { largest }).cloned()
}

impl GradientReport {
    pub(super) fn new(loss: f64, tensors: Vec<TensorReport>) -> Self {
        Self { loss, tensors }
    }

    /// The loss where the gradients were taken.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// What was found in each tensor: parameters first, then inputs.
    #[must_use]
    pub fn tensors(&self) -> &[TensorReport] {
        &self.tensors
    }

    /// The mean absolute difference in the tensor of that name, such as `affine1.weight`.
    ///
    /// # Panics
    /// If there is no such tensor.
    #[must_use]
    #[track_caller]
    pub fn mean_difference(&self, name: &str) -> f64 {
        match self.tensors.iter().find(|tensor| tensor.name == name) {
            Some(tensor) => tensor.mean_difference,
            None => panic!("there is no tensor `{name}`"),
        }
    }

    /// Whether the loss is finite and no comparison says that a gradient is wrong.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.loss.is_finite() && self.tensors.iter().all(|tensor| tensor.wrong.is_none())
    }

    /// Does nothing if the gradients are right, as far as that can be decided.
    ///
    /// # Panics
    /// If one is wrong, with the report.
    #[track_caller]
    pub fn assert_ok(&self) {
        assert!(self.is_ok(), "back-propagation is wrong: the loss is {}, and gradients differ by\n{self}", self.loss);
    }
}

/// What is said of derivatives that could not be decided.
const UNDECIDED: &str = "\n= note: several kinks meet at this point, such as those of rectifiers of exactly 0: differences of \
    the loss cannot decide here, though back-propagation is right at points around\n\
    = help: check with biases and inputs that are not 0 alike, as `grad_check_random` does";

impl fmt::Display for GradientReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.tensors.iter().map(|tensor| tensor.name.len() + 1).max().unwrap_or(0);
        for (index, tensor) in self.tensors.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            tensor.fmt_aligned(f, width)?;
        }
        if self.tensors.iter().any(|tensor| tensor.undecided > 0) {
            f.write_str(UNDECIDED)?;
        }
        Ok(())
    }
}

impl TensorReport {
    fn fmt_aligned(&self, f: &mut fmt::Formatter<'_>, width: usize) -> fmt::Result {
        let Self { name, mean_difference, largest, kinks, undecided, wrong, .. } = self;
        write!(f, "{:<width$} {mean_difference:.1e}", alloc::format!("{name}:"))?;
        if let Some(largest) = largest {
            write!(f, ", largest {:.1e} at {}", largest.difference(), Place(&largest.at))?;
        }
        match kinks {
            0 => {}
            1 => f.write_str(", 1 kink")?,
            kinks => write!(f, ", {kinks} kinks")?,
        }
        if *undecided > 0 {
            write!(f, ", {undecided} undecided")?;
        }
        if let Some(Comparison { at, gradient, numerical, .. }) = wrong {
            write!(f, "; WRONG at {}: {gradient} by back-propagation, {numerical} by differences", Place(at))?;
        }
        Ok(())
    }
}

/// An index, or a range of them.
struct Place<'a>(&'a Range<usize>);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => write!(f, "{}", self.0.start),
            _ => write!(f, "{:?}", self.0),
        }
    }
}
