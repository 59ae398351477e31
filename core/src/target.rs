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
        let wrong = match self {
            Self::Usize(classes) => classes.iter().position(|&class| class >= scores),
            Self::U8(classes) => classes.iter().position(|&class| usize::from(class) >= scores),
        };
        if let Some(index) = wrong {
            let (class, sample, position) = (self.get(index), index / positions, index % positions);
            let place = if positions == 1 { String::new() } else { format!(" at position {position}") };
            panic!("sample {sample} has class {class}{place}, but {scores} scores: classes are below {scores}");
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
    message = "`{Self}` is no target of a network of `{T}`",
    label = "neither a reference to a matrix nor one to class indices",
    note = "a target is a reference to a matrix of {O} rows with as many columns as the batch; \
            for `SoftmaxCrossEntropy` also class indices, `&[usize]` or `&[u8]`"
)]
pub trait IntoTarget<'a, T: Scalar, L, const O: usize, const P: usize, C: Dim> {
    /// The target.
    fn into_target(self) -> Target<'a, T>;
}

/// The rows of a matrix with a target of `ROWS` scalars a sample.
#[diagnostic::on_unimplemented(
    message = "a target has {ROWS} rows, one for each scalar of the output, but this one has `{Self}`",
    label = "has `{Self}` rows, not {ROWS}",
    note = "of a matrix whose number of rows is known at run time, `target.fixed_rows::<{ROWS}>(0)` is a view of {ROWS}"
)]
pub trait TargetRows<const ROWS: usize>: Dim {}

impl<const ROWS: usize> TargetRows<ROWS> for Const<ROWS> {}

/// The rows of a matrix of class indices under the loss `L`, of which there are `ROWS` a sample.
#[diagnostic::on_unimplemented(
    message = "`{L}` takes no matrix of `usize` with `{Self}` rows",
    label = "a matrix of `usize` with `{Self}` rows",
    note = "under `SoftmaxCrossEntropy` it is one of class indices, of which a sample has {ROWS} here; \
            every other loss takes a matrix of scalars"
)]
pub trait ClassRows<L, const ROWS: usize>: Dim {}

impl<const ROWS: usize> ClassRows<SoftmaxCrossEntropy, ROWS> for Const<ROWS> {}

/// The columns of a target for a batch of `C` samples.
#[diagnostic::on_unimplemented(
    message = "a batch of `{C}` samples is given a target of `{Self}` columns",
    label = "has `{Self}` columns, not `{C}`",
    note = "inputs and target have the same number of columns, known of both at compile time, or of both at run time: \
            `&target.columns(0, 3)` is a view of 3 columns known at run time, `&target.fixed_columns::<3>(0)` one known at \
            compile time"
)]
pub trait TargetColumns<C: Dim>: Dim {}

impl<C: Dim> TargetColumns<C> for C {}

/// A batch with as many samples as an array has class indices; of one whose size is known at run time that is looked at then.
#[diagnostic::on_unimplemented(
    message = "a batch of `{Self}` samples is given {CLASSES} classes",
    label = "{CLASSES} classes for `{Self}` samples",
    note = "there is one class index for each sample"
)]
pub trait HasClasses<const CLASSES: usize>: Dim {}

impl<const CLASSES: usize> HasClasses<CLASSES> for Const<CLASSES> {}
impl<const CLASSES: usize> HasClasses<CLASSES> for Dyn {}

/// The index of a class under the loss `L`.
#[diagnostic::on_unimplemented(
    message = "`{L}` takes no class indices of type `{Self}`",
    label = "no class indices of `{L}`",
    note = "`SoftmaxCrossEntropy` takes class indices of type `usize` or `u8`: convert others with \
            `labels.iter().map(|&label| label as usize).collect::<Vec<_>>()`",
    note = "every other loss takes a reference to a matrix of scalars"
)]
pub trait ClassIndex<L>: Sized {
    /// Several of them.
    fn classes(indices: &[Self]) -> Classes<'_>;
}

impl ClassIndex<SoftmaxCrossEntropy> for usize {
    fn classes(indices: &[Self]) -> Classes<'_> {
        Classes::Usize(indices)
    }
}

impl ClassIndex<SoftmaxCrossEntropy> for u8 {
    fn classes(indices: &[Self]) -> Classes<'_> {
        Classes::U8(indices)
    }
}

/// What a target holds: the scalars of the network, so that an error can say what else it is.
#[diagnostic::on_unimplemented(
    message = "a network of `{T}` is given a target of `{Self}`",
    label = "a matrix of `{Self}`, not of `{T}`",
    note = "convert it, `target.cast::<{T}>()`, or make both of one type"
)]
pub trait IsScalarOf<T, C> {}

impl<C> IsScalarOf<f32, C> for f32 {}
impl<C> IsScalarOf<f64, C> for f64 {}

impl<'a, T, L, const O: usize, const P: usize, C, R, B, S> IntoTarget<'a, T, L, O, P, C> for &'a Matrix<T, R, B, S>
where
    T: Scalar,
    L: Loss<T>,
    C: Dim,
    R: TargetRows<O>,
    B: TargetColumns<C>,
    S: RawStorage<T, R, B>,
{
    fn into_target(self) -> Target<'a, T> {
        Target::Dense(Samples::new(self))
    }
}

impl<'a, T, L, const O: usize, const P: usize, C, R, B, S> IntoTarget<'a, T, L, O, P, C> for &'a Matrix<usize, R, B, S>
where
    T: Scalar,
    C: Dim,
    R: ClassRows<L, P>,
    B: TargetColumns<C>,
    S: RawStorage<usize, R, B> + IsContiguous,
{
    fn into_target(self) -> Target<'a, T> {
        Target::Classes(Classes::Usize(self.as_slice()))
    }
}

impl<'a, T: Scalar, L, const O: usize, const P: usize, C: Dim, X: ClassIndex<L>> IntoTarget<'a, T, L, O, P, C>
    for &'a [X]
{
    fn into_target(self) -> Target<'a, T> {
        Target::Classes(X::classes(self))
    }
}

impl<'a, T: Scalar, L, const O: usize, const P: usize, C: Dim, X: ClassIndex<L>> IntoTarget<'a, T, L, O, P, C>
    for &'a Vec<X>
{
    fn into_target(self) -> Target<'a, T> {
        Target::Classes(X::classes(self))
    }
}

impl<'a, T, L, const O: usize, const P: usize, C, X, const N: usize> IntoTarget<'a, T, L, O, P, C> for &'a [X; N]
where
    T: Scalar,
    C: HasClasses<N>,
    X: ClassIndex<L>,
{
    fn into_target(self) -> Target<'a, T> {
        Target::Classes(X::classes(self))
    }
}

/// Nothing calls these: rustc finds them for a matrix of `$given`, and says what is missing.
macro_rules! of_other_scalars {
    ($network:ty, $($given:ty)+) => {$(
        impl<'a, L, const O: usize, const P: usize, C, R, B, S> IntoTarget<'a, $network, L, O, P, C>
            for &'a Matrix<$given, R, B, S>
        where
            C: Dim,
            $given: IsScalarOf<$network, C>,
        {
            fn into_target(self) -> Target<'a, $network> {
                unreachable!("there is no such scalar")
            }
        }
    )+};
}
of_other_scalars!(f32, f64 i32 i64 u8 u32 u64);
of_other_scalars!(f64, f32 i32 i64 u8 u32 u64);

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
