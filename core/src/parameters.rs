//! The tensors of a layer or network, in order and by name, to be read.

use core::fmt::Debug;

use constgrad_kernels::Precision;

use crate::Scalar;
use crate::formulas::Product;
use crate::tensor_info::{Layout, Role, TensorInfo};

/// The parameters of a layer or network: a fixed list of tensors, to be read.
///
/// What is trained is [`Trainable`](crate::Trainable), too; what only predicts, such as a network in read-only memory, need not be. They are
/// printed, as the networks that hold them are, and threads share them.
pub trait Parameters: Debug + Send + Sync {
    /// The scalar type of what is computed with them.
    type Scalar: Scalar;

    /// The tensors, with name, dimensions and role.
    const LAYOUT: &'static Layout;

    /// The number of tensors.
    const TENSORS: usize = Self::LAYOUT.tensors();

    /// The number of scalars in all tensors.
    const COUNT: usize = Self::LAYOUT.scalars(None);

    /// The number of those that are trained, and have a gradient.
    const TRAINED: usize = Self::LAYOUT.scalars(Some(Role::Trained));

    /// The scalars of tensor `index`, column after column.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[track_caller]
    fn tensor(&self, index: usize) -> &[Self::Scalar];

    /// Name, dimensions and role of tensor `index`.
    ///
    /// # Panics
    /// If `index` is not below [`TENSORS`](Self::TENSORS).
    #[must_use]
    #[track_caller]
    fn info(index: usize) -> TensorInfo {
        Self::LAYOUT.info(index)
    }

    /// `Σ self · other`, over all scalars that are trained.
    fn dot(&self, other: &Self) -> Self::Scalar {
        let sums = trained::<Self>().map(|index| Precision::sum(Product, [self.tensor(index), other.tensor(index)]));
        Self::Scalar::nearest(sums.sum())
    }

    /// The root of the sum of the squares of all scalars that are trained, such as what gradients are clipped by.
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
}

/// The tensors that are trained.
pub(crate) fn trained<P: Parameters + ?Sized>() -> impl Iterator<Item = usize> {
    (0..P::TENSORS).filter(|&index| P::info(index).role == Role::Trained)
}

#[track_caller]
pub(crate) fn assert_trained<P: Parameters + ?Sized>(len: usize) {
    assert!(len == P::TRAINED, "{len} scalars for a network of {} that are trained", P::TRAINED);
}

/// Of an implementation of [`Parameters`] for a layer of some [`Tensor`](crate::Tensor)s, which are all trained: `LAYOUT` and
/// `tensor`, from the fields with their dimensions, outermost first.
///
/// A tensor has the name of its field, unless it says another; the last one may be absent.
///
/// ```
/// # use constgrad::{Parameters, Scalar, Tensor, tensors};
/// # #[derive(Debug)]
/// # struct Affine<const I: usize, const O: usize, const BIASES: usize, T: Scalar> {
/// #     weight: Tensor<T, I, O>,
/// #     bias: Tensor<T, BIASES, 1>,
/// # }
/// impl<const I: usize, const O: usize, const BIASES: usize, T: Scalar> Parameters for Affine<I, O, BIASES, T> {
///     type Scalar = T;
///     tensors!(weight: &[O, I], bias as "offset": &[BIASES]; absent if BIASES == 0);
/// }
/// assert_eq!(Affine::<3, 2, 2, f32>::info(1).name, "offset");
/// assert_eq!(Affine::<3, 2, 0, f32>::TENSORS, 1);
/// ```
#[macro_export]
macro_rules! tensors {
    (@name $field:ident) => { ::core::stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($($field:ident $(as $name:literal)?: $dims:expr),+ $(; absent if $absent:expr)?) => {
        const LAYOUT: &'static $crate::Layout = &$crate::Layout::fields($crate::__private::present(
            &[$(($crate::tensors!(@name $field $($name)?), &$crate::Layout::trained($dims))),+],
            false $(|| $absent)?,
        ));

        fn tensor(&self, index: usize) -> &[<Self as $crate::Parameters>::Scalar] {
            match [$(self.$field.as_slice()),+][..<Self as $crate::Parameters>::TENSORS].get(index) {
                ::core::option::Option::Some(tensor) => tensor,
                ::core::option::Option::None => $crate::__private::no_tensor(index - <Self as $crate::Parameters>::TENSORS),
            }
        }
    };
}

/// The fields of a layer, whose last one may be absent.
#[must_use]
pub const fn present(
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
