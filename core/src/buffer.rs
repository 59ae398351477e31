//! Room for scalars, from the start of a cache line.

use alloc::vec;
use alloc::vec::Vec;

use crate::Scalar;

/// The bytes of a cache line, and of the widest vector: one that crosses two lines takes twice as long to load.
pub(crate) const LINE: usize = 64;

/// Scalars on the heap that begin with a cache line.
#[derive(Clone, Debug)]
pub(crate) struct Buffer<T> {
    /// With room to begin at any place of the first line: the allocator decides at which.
    scalars: Vec<T>,
    len: usize,
}

impl<T: Scalar> Buffer<T> {
    /// Zeros.
    pub(crate) fn zeros(len: usize) -> Self {
        Self { scalars: vec![T::ZERO; len + LINE / size_of::<T>()], len }
    }

    /// The bytes that `len` scalars take on the heap.
    pub(crate) const fn bytes(len: usize) -> usize {
        len * size_of::<T>() + LINE
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        let start = self.scalars.as_ptr().align_offset(LINE);
        &self.scalars[start..][..self.len]
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        let start = self.scalars.as_ptr().align_offset(LINE);
        &mut self.scalars[start..start + self.len]
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::{Buffer, LINE};

    #[test]
    fn a_buffer_begins_with_a_line() {
        for len in [0, 1, 3, 1000] {
            let mut buffer = Buffer::<f32>::zeros(len);
            assert!(buffer.as_mut_slice().as_ptr().addr().is_multiple_of(LINE));
            assert_eq!(buffer.clone().as_mut_slice(), &vec![0.0; len][..]);
            assert_eq!(buffer.scalars.len() * size_of::<f32>(), Buffer::<f32>::bytes(len));
        }
    }
}
