//! A nalgebra matrix of samples as one contiguous slice.

use alloc::borrow::Cow;

use nalgebra::{Dim, Matrix, RawStorage};

use crate::{Batch, Scalar, Shape};

/// The columns of a matrix, one after the other: borrowed where they lie so, copied from a view with gaps.
#[derive(Clone, Debug)]
pub struct Samples<'a, X: nalgebra::Scalar> {
    data: Cow<'a, [X]>,
    count: usize,
}

impl<'a, X: nalgebra::Scalar> Samples<'a, X> {
    /// The columns of `matrix`.
    #[must_use]
    pub fn new<R: Dim, C: Dim, S: RawStorage<X, R, C>>(matrix: &'a Matrix<X, R, C, S>) -> Self {
        let data = match as_slice(matrix) {
            Some(slice) => Cow::Borrowed(slice),
            None => Cow::Owned(matrix.iter().cloned().collect()),
        };
        Self { data, count: matrix.ncols() }
    }

    /// `count` samples, one after the other.
    ///
    /// # Panics
    /// If not all would be of one length.
    #[track_caller]
    pub(crate) fn of(samples: &'a [X], count: usize) -> Self {
        let len = samples.len();
        assert!(if count == 0 { len == 0 } else { len.is_multiple_of(count) }, "{len} scalars are no {count} samples");
        Self { data: Cow::Borrowed(samples), count }
    }

    /// The number of samples.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// All scalars, sample after sample.
    #[must_use]
    pub fn as_slice(&self) -> &[X] {
        &self.data
    }
}

/// The samples of an input, one after the other.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, T> {
    /// Of an input `x: [784]`.
    Scalars(&'a [T]),
    /// Of an input `x: [usize; 784]`.
    Indices(&'a [usize]),
}

impl<'a, T> Input<'a, T> {
    /// The batch of an input of scalars.
    ///
    /// # Panics
    /// If it is one of indices, or does not hold so many samples.
    #[must_use]
    #[track_caller]
    pub fn scalars<S: Shape>(self, samples: usize) -> Batch<'a, T, S> {
        match self {
            Self::Scalars(scalars) => Batch::new(scalars, samples),
            Self::Indices(_) => panic!("an input of scalars was given indices"),
        }
    }

    /// The batch of an input of indices.
    ///
    /// # Panics
    /// If it is one of scalars, or does not hold so many samples.
    #[must_use]
    #[track_caller]
    pub fn indices<S: Shape>(self, samples: usize) -> Batch<'a, usize, S> {
        match self {
            Self::Scalars(_) => panic!("an input of indices was given scalars"),
            Self::Indices(indices) => Batch::new(indices, samples),
        }
    }
}

/// The scalars of a matrix whose columns follow each other without gaps.
#[allow(unsafe_code)]
fn as_slice<T, R, C, S>(matrix: &Matrix<T, R, C, S>) -> Option<&[T]>
where
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    // SAFETY: `is_contiguous` is the condition that the method names.
    matrix.data.is_contiguous().then(|| unsafe { matrix.data.as_slice_unchecked() })
}

/// The samples of an input of a network.
#[derive(Clone, Debug)]
pub enum InputSamples<'a, T: Scalar> {
    /// Of an input `x: [784]`.
    Scalars(Samples<'a, T>),
    /// Of an input `x: [usize; 784]`.
    Indices(Samples<'a, usize>),
}

impl<T: Scalar> InputSamples<'_, T> {
    /// The number of samples.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Scalars(samples) => samples.count(),
            Self::Indices(samples) => samples.count(),
        }
    }

    /// All samples.
    pub(crate) fn all(&self) -> Input<'_, T> {
        match self {
            Self::Scalars(samples) => Input::Scalars(samples.as_slice()),
            Self::Indices(samples) => Input::Indices(samples.as_slice()),
        }
    }
}
