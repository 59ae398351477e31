//! A nalgebra matrix of samples as one contiguous slice.

use alloc::borrow::Cow;

use nalgebra::{Dim, Matrix, RawStorage};

use crate::{Scalar, kernel};

/// The columns of a matrix, one after the other: borrowed where they lie so, copied from a view with gaps.
#[derive(Clone, Debug)]
pub struct Samples<'a, T: Scalar> {
    data: Cow<'a, [T]>,
    count: usize,
}

impl<'a, T: Scalar> Samples<'a, T> {
    /// The columns of `matrix`.
    #[must_use]
    pub fn new<R: Dim, C: Dim, S: RawStorage<T, R, C>>(matrix: &'a Matrix<T, R, C, S>) -> Self {
        let data = match kernel::as_slice(matrix) {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(matrix.iter().copied().collect()),
        };
        Self { data, count: matrix.ncols() }
    }

    /// The scalars of one sample.
    #[cfg(test)]
    pub(crate) fn from_slice(sample: &'a [T]) -> Self {
        Self { data: Cow::Borrowed(sample), count: 1 }
    }

    /// The number of samples.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// All scalars, sample after sample.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.data
    }
}
