//! What a call takes as a target, told by its type: matrices, class indices, and either with weights.

use alloc::vec::Vec;

use nalgebra::{Const, Dim, Dyn, IsContiguous, Matrix, RawStorage};

use crate::Scalar;
use crate::loss::{Loss, TakesClasses};
use crate::target::{Classes, Target};

/// What fits as the target of a batch of `C` samples of `O` scores under the loss `L`, which compares `P` of them by itself.
///
/// - a matrix of `O` rows with the batch's columns: one-hot columns, or values to reach
/// - under a loss that [takes classes](TakesClasses), such as `SoftmaxCrossEntropy`: class indices, one a sample, in a slice, an array or a vector of `usize` or `u8`; for an
///   output `[P, CLASSES]`, one a position, sample after sample
/// - the same as a matrix of `P` rows of `usize` with the batch's columns, without gaps
/// - each of these [`weighted`]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no target of a network of `{T}`",
    label = "neither a reference to a matrix nor one to class indices",
    note = "a target is a reference to a matrix of {O} rows with as many columns as the batch; \
            for a loss of classes, such as `SoftmaxCrossEntropy`, also class indices, `&[usize]` or `&[u8]`"
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

impl<L: TakesClasses, const ROWS: usize> ClassRows<L, ROWS> for Const<ROWS> {}

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

impl<L: TakesClasses> ClassIndex<L> for usize {
    fn classes(indices: &[Self]) -> Classes<'_> {
        Classes::Usize(indices)
    }
}

impl<L: TakesClasses> ClassIndex<L> for u8 {
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
        self.into()
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
        self.into()
    }
}

impl<'a, T: Scalar, L, const O: usize, const P: usize, C: Dim, X: ClassIndex<L>> IntoTarget<'a, T, L, O, P, C>
    for &'a [X]
{
    fn into_target(self) -> Target<'a, T> {
        Target::from_classes(X::classes(self))
    }
}

impl<'a, T: Scalar, L, const O: usize, const P: usize, C: Dim, X: ClassIndex<L>> IntoTarget<'a, T, L, O, P, C>
    for &'a Vec<X>
{
    fn into_target(self) -> Target<'a, T> {
        Target::from_classes(X::classes(self))
    }
}

impl<'a, T, L, const O: usize, const P: usize, C, X, const N: usize> IntoTarget<'a, T, L, O, P, C> for &'a [X; N]
where
    T: Scalar,
    C: HasClasses<N>,
    X: ClassIndex<L>,
{
    fn into_target(self) -> Target<'a, T> {
        Target::from_classes(X::classes(self))
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

/// A target whose samples count as much as their weights say: see [`weighted`].
#[derive(Clone, Copy, Debug)]
pub struct Weighted<'w, X, T> {
    target: X,
    weights: &'w [T],
}

/// `target`, with a weight for each sample: a loss is the weighted mean then.
///
/// ```
/// use constgrad::prelude::*;
/// use constgrad::weighted;
///
/// network! {
///     #[loss(softmax_cross_entropy)]
///     pub struct Classifier(x: [2]) -> [3] {
///         x.affine(3)
///     }
/// }
///
/// # use constgrad::rand::{SeedableRng, rngs::SmallRng};
/// let net = Classifier::<f64>::init(&mut SmallRng::seed_from_u64(1));
/// let (x, labels) = (SMatrix::<f64, 2, 3>::new(0., 1., 2., 3., 4., 5.), [0_u8, 2, 1]);
/// let rare = net.loss(&x, weighted(&labels, &[1.0, 3.0, 0.0]));
/// let [first, second] = [0, 1].map(|sample| net.loss(&x.fixed_columns::<1>(sample), &[labels[sample]]));
/// assert!((rare - (first + 3.0 * second) / 4.0).abs() < 1e-12);
/// ```
///
/// The weights are finite and not negative; a call that takes a target panics otherwise, or if they are not as many as
/// samples. Accuracies do not look at them.
#[must_use]
pub const fn weighted<X, T>(target: X, weights: &[T]) -> Weighted<'_, X, T> {
    Weighted { target, weights }
}

impl<'a, T: Scalar, X: Into<Target<'a, T>>> From<Weighted<'a, X, T>> for Target<'a, T> {
    fn from(Weighted { target, weights }: Weighted<'a, X, T>) -> Self {
        target.into().with_weights(weights)
    }
}

impl<'a, T, L, const O: usize, const P: usize, C, X> IntoTarget<'a, T, L, O, P, C> for Weighted<'a, X, T>
where
    T: Scalar,
    C: Dim,
    X: IntoTarget<'a, T, L, O, P, C>,
{
    fn into_target(self) -> Target<'a, T> {
        self.target.into_target().with_weights(self.weights)
    }
}
