//! A parameter tensor: a statically sized matrix on the heap.

use alloc::boxed::Box;
use core::fmt;
use core::ops::{Deref, DerefMut};

use bytemuck::Zeroable;
use nalgebra::SMatrix;

use crate::Scalar;

/// A statically sized nalgebra matrix on the heap: the tensor of a parameter.
///
/// It is allocated zeroed and filled in place, so that no size of it ever crosses the stack.
/// It dereferences to [`SMatrix`], so `&net.affine1.weight` is a `&SMatrix<T, R, C>` where one is expected.
pub struct Tensor<T, const R: usize, const C: usize>(Box<Aligned<SMatrix<T, R, C>>>);

/// From the start of a cache line: vectors that cross two lines take twice as long to load.
#[derive(Zeroable)]
#[repr(align(64))] // `buffer::LINE`
struct Aligned<M>(M);

impl<T: Scalar, const R: usize, const C: usize> Tensor<T, R, C> {
    /// A tensor of zeros.
    #[must_use]
    pub fn zeros() -> Self {
        Self(bytemuck::zeroed_box())
    }
}

impl<T: Scalar, const R: usize, const C: usize> Clone for Tensor<T, R, C> {
    fn clone(&self) -> Self {
        let mut tensor = Self::zeros();
        tensor.as_mut_slice().copy_from_slice(self.as_slice());
        tensor
    }

    fn clone_from(&mut self, source: &Self) {
        self.as_mut_slice().copy_from_slice(source.as_slice());
    }
}

impl<T, const R: usize, const C: usize> Deref for Tensor<T, R, C> {
    type Target = SMatrix<T, R, C>;

    fn deref(&self) -> &SMatrix<T, R, C> {
        &self.0.0
    }
}

impl<T, const R: usize, const C: usize> DerefMut for Tensor<T, R, C> {
    fn deref_mut(&mut self) -> &mut SMatrix<T, R, C> {
        &mut self.0.0
    }
}

impl<T: Scalar, const R: usize, const C: usize> PartialEq for Tensor<T, R, C> {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

/// The size, not the scalars: a network prints on one screen.
impl<T, const R: usize, const C: usize> fmt::Debug for Tensor<T, R, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tensor<{R} x {C}>")
    }
}
