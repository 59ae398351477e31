//! The tensors of a layer or network, in order and by name.

use alloc::string::String;
use core::fmt::Debug;

use rand::Rng;

use crate::{Init, Scalar};

/// The parameters of a layer or network: a fixed list of tensors.
///
/// Gradients, momentum and every other per-parameter state have the same type as what they belong to,
/// so equal indices name matching tensors: an optimizer walks several values side by side.
/// They are compared and printed, as the networks that hold them are, and threads share them.
pub trait Parameters: Clone + Debug + PartialEq + Send + Sync {
    /// The scalar type of every tensor.
    type Scalar: Scalar;

    /// The number of tensors.
    const TENSORS: usize;

    /// The number of scalars in all tensors.
    const COUNT: usize;

    /// The number of those that are trained: all that are not [frozen](crate::layer::Frozen).
    const TRAINED: usize = Self::COUNT;

    /// All parameters zero, on the heap.
    fn zeros() -> Self;

    /// A zero for each scalar that is trained: room for a gradient, or for what an optimizer remembers. A frozen layer has
    /// tensors of no scalars in it.
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

    /// Whether tensor `index` is no parameter but a running mean over batches, such as that of
    /// [`BatchNorm`](crate::layer::BatchNorm): in gradients it holds what a batch says, and an optimizer moves it a tenth of
    /// the way there.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[must_use]
    #[track_caller]
    fn is_statistic(_index: usize) -> bool {
        false
    }

    /// Whether tensor `index` is [frozen](crate::layer::Frozen): no optimizer moves it, and in gradients it has no scalars.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[must_use]
    #[track_caller]
    fn is_frozen(_index: usize) -> bool {
        false
    }

    /// The name of tensor `index`, such as `affine1.weight`.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[track_caller]
    fn tensor_name(index: usize) -> String;

    /// The dimensions of tensor `index`, outermost first, the last one fastest in memory, as `PyTorch` has them: a matrix
    /// of `R` rows and `C` columns is `[C, R]`. Their product is the number of its scalars.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[track_caller]
    fn tensor_dims(index: usize) -> &'static [usize];
}

/// What [`Parameters`] asks of a layer that is some tensors: their number, and each with its name, which is that of its
/// field unless it says another, and its dimensions. The last may be `absent`.
macro_rules! tensors {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($layer:literal: $($field:ident $(as $name:literal)? $dims:expr),+ $(; absent if $absent:expr)?) => {
        const TENSORS: usize = [$(stringify!($field)),+].len() $(- if $absent { 1 } else { 0 })?;

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

        fn tensor_name(index: usize) -> String {
            [$($crate::parameters::tensors!(@name $field $($name)?)),+][..Self::TENSORS][index].into()
        }

        fn tensor_dims(index: usize) -> &'static [usize] {
            let dims: &[&'static [usize]] = &[$($dims),+];
            dims[..Self::TENSORS][index]
        }
    };
}
pub(crate) use tensors;

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

/// The name of a tensor inside a field.
#[must_use]
pub fn join_name(field: &str, tensor: &str) -> String {
    [field, tensor].join(".")
}
