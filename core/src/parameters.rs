//! The tensors of a layer or network, in order and by name.

use core::fmt::Debug;

use constgrad_kernels::Precision;
use rand::Rng;

use crate::formulas::{Axpy, Lerp, Product, Scale};
use crate::tensor_info::{Layout, Role, TensorInfo};
use crate::{Init, Scalar};

/// The parameters of a layer or network: a fixed list of tensors.
///
/// Gradients, momentum and every other per-parameter state have the same type as what they belong to,
/// so equal indices name matching tensors: an optimizer walks several values side by side.
/// They are compared and printed, as the networks that hold them are, and threads share them.
pub trait Parameters: Clone + Debug + PartialEq + Send + Sync {
    /// The scalar type of every tensor.
    type Scalar: Scalar;

    /// The tensors, with name, dimensions and role.
    const LAYOUT: &'static Layout;

    /// The number of tensors.
    const TENSORS: usize = Self::LAYOUT.tensors();

    /// The number of scalars in all tensors.
    const COUNT: usize = Self::LAYOUT.scalars(None);

    /// The number of those that are trained, and have a gradient.
    const TRAINED: usize = Self::LAYOUT.scalars(Some(Role::Trained));

    /// All parameters zero, on the heap.
    fn zeros() -> Self;

    /// A zero for each scalar that is trained: room for a gradient, or for what an optimizer remembers. All other tensors have
    /// no scalars in it.
    #[must_use]
    fn state() -> Self {
        Self::zeros()
    }

    /// Fresh parameters, weights drawn as `init` says: all of a network's in one way or, for [`Init::Default`], each layer's as
    /// its declaration says or suits it. A layer of one's own says what suits it with [`Init::or`].
    ///
    /// # Panics
    /// If the number of `init` is not finite, or not more than 0.
    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self;

    /// The scalars of tensor `index`, column after column.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[track_caller]
    fn tensor(&self, index: usize) -> &[Self::Scalar];

    /// The scalars of tensor `index`, to be changed.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[track_caller]
    fn tensor_mut(&mut self, index: usize) -> &mut [Self::Scalar];

    /// In gradients, forgets what batches said of [statistics](Role::Statistic): a training step begins with it.
    fn clear_statistics(&mut self) {}

    /// Moves [statistics](Role::Statistic) to what the batch of a training step said, of which its `gradients` know.
    fn move_statistics(&mut self, _gradients: &Self) {}

    /// Multiplies everything that is trained: `self *= factor`.
    ///
    /// Networks and gradients are vectors of [`TRAINED`](Self::TRAINED) scalars to this method and the next ones. Frozen tensors
    /// and statistics stay as they are, and do not count.
    fn scale(&mut self, factor: Self::Scalar) {
        for index in trained::<Self>() {
            Precision::map(Scale(factor.to_f64()), [], [self.tensor_mut(index)]);
        }
    }

    /// Adds a multiple: `self += factor · other`.
    fn axpy(&mut self, factor: Self::Scalar, other: &Self) {
        for index in trained::<Self>() {
            Precision::map(Axpy(factor.to_f64()), [other.tensor(index)], [self.tensor_mut(index)]);
        }
    }

    /// Moves a share of the way to another: `self += share · (other - self)`, as a moving average or a target network does.
    fn lerp(&mut self, other: &Self, share: Self::Scalar) {
        for index in trained::<Self>() {
            Precision::map(Lerp(share.to_f64()), [other.tensor(index)], [self.tensor_mut(index)]);
        }
    }

    /// `Σ self · other`.
    fn dot(&self, other: &Self) -> Self::Scalar {
        let sums = trained::<Self>().map(|index| Precision::sum(Product, [self.tensor(index), other.tensor(index)]));
        Self::Scalar::nearest(sums.sum())
    }

    /// The root of the sum of all squares, such as what gradients are clipped by.
    fn norm(&self) -> Self::Scalar {
        let squares = trained::<Self>().map(|index| Precision::sum(Product, [self.tensor(index); 2]));
        Self::Scalar::nearest(libm::sqrt(squares.sum()))
    }

    /// Copies everything that is trained to a slice, tensor after tensor.
    ///
    /// # Panics
    /// If the slice does not hold [`TRAINED`](Self::TRAINED) scalars.
    #[track_caller]
    fn write_to(&self, scalars: &mut [Self::Scalar]) {
        assert_trained::<Self>(scalars.len());
        let mut rest = scalars;
        for index in trained::<Self>() {
            let tensor = self.tensor(index);
            let (scalars, after) = rest.split_at_mut(tensor.len());
            scalars.copy_from_slice(tensor);
            rest = after;
        }
    }

    /// The reverse of [`write_to`](Self::write_to).
    ///
    /// # Panics
    /// If the slice does not hold [`TRAINED`](Self::TRAINED) scalars.
    #[track_caller]
    fn read_from(&mut self, scalars: &[Self::Scalar]) {
        assert_trained::<Self>(scalars.len());
        let mut rest = scalars;
        for index in trained::<Self>() {
            let tensor = self.tensor_mut(index);
            let (scalars, after) = rest.split_at(tensor.len());
            tensor.copy_from_slice(scalars);
            rest = after;
        }
    }

    /// Name, dimensions and role of tensor `index`.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[must_use]
    #[track_caller]
    fn info(index: usize) -> TensorInfo {
        Self::LAYOUT.info(index)
    }
}

/// The tensors that are trained.
fn trained<P: Parameters>() -> impl Iterator<Item = usize> {
    (0..P::TENSORS).filter(|&index| P::info(index).role == Role::Trained)
}

#[track_caller]
fn assert_trained<P: Parameters>(len: usize) {
    assert!(len == P::TRAINED, "{len} scalars for a network of {} that are trained", P::TRAINED);
}

/// What [`Parameters`] asks of a layer that is some tensors: their number, and each with its name, which is that of its
/// field unless it says another, and its dimensions. The last may be `absent`.
macro_rules! tensors {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($layer:literal: $($field:ident $(as $name:literal)? $dims:expr),+ $(; absent if $absent:expr)?) => {
        const LAYOUT: &'static $crate::Layout = &$crate::Layout::fields($crate::parameters::present(
            &[$(($crate::parameters::tensors!(@name $field $($name)?), &$crate::Layout::trained($dims))),+],
            false $(|| $absent)?,
        ));

        fn tensor(&self, index: usize) -> &[T] {
            [$(self.$field.as_slice()),+][..Self::TENSORS][index]
        }

        fn tensor_mut(&mut self, index: usize) -> &mut [T] {
            let tensors = [$(self.$field.as_mut_slice()),+];
            match tensors.into_iter().take(Self::TENSORS).nth(index) {
                Some(tensor) => tensor,
                None => panic!("{} has {} tensors, no tensor {index}", $layer, Self::TENSORS),
            }
        }
    };
}
pub(crate) use tensors;

/// The fields of a layer, whose last one may be absent.
pub(crate) const fn present(
    fields: &'static [(&'static str, &'static Layout)],
    is_last_absent: bool,
) -> &'static [(&'static str, &'static Layout)] {
    if is_last_absent { fields.split_at(fields.len() - 1).0 } else { fields }
}

/// Where tensor `index` of a network lies: in the field of type `P` that comes next, or further on.
///
/// # Errors
/// The index counted from the field after it.
pub fn locate<P: Parameters>(index: usize) -> Result<usize, usize> {
    index.checked_sub(P::TENSORS).map_or(Ok(index), Err)
}

/// For an index beyond the last tensor.
///
/// # Panics
/// Always.
#[track_caller]
pub fn no_tensor(beyond: usize) -> ! {
    panic!("a tensor was asked for that is {} beyond the last", beyond + 1)
}
