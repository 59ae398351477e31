//! Targets: what a loss compares scores with.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use nalgebra::{Const, Dim, Dyn, IsContiguous, Matrix, RawStorage};

use crate::loss::{Loss, SoftmaxCrossEntropy};
use crate::samples::Samples;
use crate::{Network, Scalar, Shape};

/// The target of a batch: dense values or class indices.
#[derive(Clone, Debug)]
pub enum Target<'a, T: Scalar> {
    /// As many scalars as scores: one-hot columns, or values to reach.
    Dense(Samples<'a, T>),
    /// One class a sample.
    Classes(Classes<'a>),
}

/// Class indices, one a sample.
#[derive(Clone, Copy, Debug)]
pub enum Classes<'a> {
    /// As machine-sized integers.
    Usize(&'a [usize]),
    /// As bytes.
    U8(&'a [u8]),
}

impl Classes<'_> {
    /// The number of indices.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Usize(classes) => classes.len(),
            Self::U8(classes) => classes.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Looks at whether there is a class, below `scores`, for each of `positions` positions of each sample.
    ///
    /// # Panics
    /// If not.
    #[track_caller]
    pub(crate) fn check(self, samples: usize, positions: usize, scores: usize) {
        let (classes, each) = (samples * positions, if positions == 1 { "" } else { ", one a position" });
        assert!(
            self.len() == classes,
            "a batch of {samples} samples takes {classes} classes{each}, not {}",
            self.len()
        );
        for index in 0..classes {
            let class = self.get(index);
            if class >= scores {
                let (sample, position) = (index / positions, index % positions);
                let place = if positions == 1 { String::new() } else { format!(" at position {position}") };
                panic!("sample {sample} has class {class}{place}, but {scores} scores: classes are below {scores}");
            }
        }
    }

    /// The class of sample `sample`.
    ///
    /// # Panics
    /// If there is no such sample.
    #[must_use]
    #[track_caller]
    pub fn get(self, sample: usize) -> usize {
        match self {
            Self::Usize(classes) => classes[sample],
            Self::U8(classes) => classes[sample].into(),
        }
    }
}

/// What fits as the target of a batch of `C` samples of `O` scores under the loss `L`, which compares `P` of them by itself.
///
/// - a matrix of `O` rows with the batch's columns: one-hot columns, or values to reach
/// - under [`SoftmaxCrossEntropy`]: class indices, one a sample, in a slice, an array or a vector of `usize` or `u8`; for an
///   output `[P, CLASSES]`, one a position, sample after sample
/// - the same as a matrix of `P` rows of `usize` with the batch's columns, without gaps
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not fit as a target: `{L}` needs {O} rows and the batch dimension `{C}`",
    label = "does not fit",
    note = "a target is a reference to a matrix of {O} rows with as many columns as the batch; \
            for `SoftmaxCrossEntropy` also class indices, `&[usize]` or `&[u8]`"
)]
pub trait IntoTarget<'a, T: Scalar, L, const O: usize, const P: usize, C: Dim> {
    /// The target.
    fn into_target(self) -> Target<'a, T>;
}

impl<'a, T, L, const O: usize, const P: usize, C, S> IntoTarget<'a, T, L, O, P, C> for &'a Matrix<T, Const<O>, C, S>
where
    T: Scalar,
    L: Loss<T>,
    C: Dim,
    S: RawStorage<T, Const<O>, C>,
{
    fn into_target(self) -> Target<'a, T> {
        Target::Dense(Samples::new(self))
    }
}

impl<'a, T, const O: usize, const P: usize, C, S> IntoTarget<'a, T, SoftmaxCrossEntropy, O, P, C>
    for &'a Matrix<usize, Const<P>, C, S>
where
    T: Scalar,
    C: Dim,
    S: RawStorage<usize, Const<P>, C> + IsContiguous,
{
    fn into_target(self) -> Target<'a, T> {
        Target::Classes(Classes::Usize(self.as_slice()))
    }
}

macro_rules! class_indices {
    ($index:ty, $variant:ident) => {
        class_indices!($index, $variant, [$index], C, C: Dim);
        class_indices!($index, $variant, Vec<$index>, C, C: Dim);
        class_indices!($index, $variant, [$index; N], Const<N>, const N: usize);
        class_indices!($index, $variant, [$index; N], Dyn, const N: usize);
    };
    ($index:ty, $variant:ident, $indices:ty, $batch:ty, $($parameter:tt)+) => {
        impl<'a, T: Scalar, const O: usize, const P: usize, $($parameter)+>
            IntoTarget<'a, T, SoftmaxCrossEntropy, O, P, $batch>
            for &'a $indices
        {
            fn into_target(self) -> Target<'a, T> {
                Target::Classes(Classes::$variant(self))
            }
        }
    };
}
class_indices!(usize, Usize);
class_indices!(u8, U8);

impl<T: Scalar> Target<'_, T> {
    /// Looks at whether this is a target for `samples` samples of the network `N`.
    ///
    /// # Panics
    /// If it is for another number of samples, or a class does not exist.
    #[track_caller]
    pub(crate) fn check<N: Network>(&self, samples: usize) {
        match self {
            Self::Dense(target) => {
                let columns = target.count();
                assert!(
                    columns == samples,
                    "a batch of {samples} samples takes a target of {samples} columns, not {columns}"
                );
            }
            Self::Classes(classes) => classes.check(samples, N::Output::LEN / N::SCORES, N::SCORES),
        }
    }

    /// The values of a dense target for `samples` samples of `rows` scores.
    ///
    /// # Panics
    /// If it is for another number of samples, or holds class indices.
    #[must_use]
    #[track_caller]
    pub fn dense(&self, samples: usize, rows: usize) -> &[T] {
        match self {
            Self::Dense(target) => {
                let target = target.as_slice();
                assert!(
                    target.len() == samples * rows,
                    "a batch of {samples} samples takes a target of {samples} columns, not {}",
                    target.len() / rows
                );
                target
            }
            Self::Classes(_) => panic!("this loss takes a dense target, not class indices"),
        }
    }
}
