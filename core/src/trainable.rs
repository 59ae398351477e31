//! Parameters that are owned, made and changed, as training does.

use constgrad_kernels::Precision;
use rand::Rng;

use crate::formulas::{Axpy, Lerp, Scale};
use crate::parameters::{assert_trained, trained};
use crate::{Init, Parameters, Scalar};

/// [`Parameters`] that can be made, filled, copied and changed: what training needs of a layer or network.
///
/// Gradients, momentum and every other state for each parameter have the same type as what they belong to,
/// so equal indices name matching tensors: an optimizer walks several values side by side.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be trained",
    label = "is not `Trainable`",
    note = "implement `constgrad::Trainable` for a layer of your own beside `constgrad::Parameters`; \
            of a type parameter say `N: Network + Trainable`"
)]
pub trait Trainable: Parameters + Clone + PartialEq {
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

    /// The scalars of tensor `index`, to be changed.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Parameters::TENSORS).
    #[track_caller]
    fn tensor_mut(&mut self, index: usize) -> &mut [Self::Scalar];

    /// In gradients, forgets what batches said of [statistics](crate::Role::Statistic): a training step begins with it.
    fn clear_statistics(&mut self) {}

    /// Moves [statistics](crate::Role::Statistic) to what the batch of a training step said, of which its `gradients` know.
    fn move_statistics(&mut self, _gradients: &Self) {}

    /// Multiplies everything that is trained: `self *= factor`.
    ///
    /// Networks and gradients are vectors of [`TRAINED`](Parameters::TRAINED) scalars to this method and the next ones. Frozen tensors
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

    /// The reverse of [`write_to`](Parameters::write_to).
    ///
    /// # Panics
    /// If the slice does not hold [`TRAINED`](Parameters::TRAINED) scalars.
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
}

/// Of an implementation of [`Trainable`] beside [`tensors!`](crate::tensors): `tensor_mut`, from the same fields.
#[macro_export]
macro_rules! tensors_mut {
    ($($field:ident),+) => {
        fn tensor_mut(&mut self, index: usize) -> &mut [<Self as $crate::Parameters>::Scalar] {
            match [$(self.$field.as_mut_slice()),+].into_iter().take(<Self as $crate::Parameters>::TENSORS).nth(index) {
                ::core::option::Option::Some(tensor) => tensor,
                ::core::option::Option::None => $crate::__private::no_tensor(index - <Self as $crate::Parameters>::TENSORS),
            }
        }
    };
}
