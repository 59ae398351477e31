//! Batches: samples of one shape, each contiguous, one after the other.

use core::marker::PhantomData;

use crate::Shape;

/// A borrowed batch: `samples` samples of shape `S`, each contiguous, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, T, S> {
    data: &'a [T],
    samples: usize,
    shape: PhantomData<S>,
}

/// A mutable [`Batch`].
#[derive(Debug)]
pub struct BatchMut<'a, T, S> {
    data: &'a mut [T],
    samples: usize,
    shape: PhantomData<S>,
}

impl<'a, T, S: Shape> Batch<'a, T, S> {
    /// Takes `data` as `samples` samples of shape `S`.
    ///
    /// # Panics
    /// If `data` does not hold exactly that many scalars.
    #[must_use]
    #[track_caller]
    pub fn new(data: &'a [T], samples: usize) -> Self {
        check_len::<S>(data.len(), samples);
        Self { data, samples, shape: PhantomData }
    }

    /// The number of samples.
    #[must_use]
    pub fn samples(self) -> usize {
        self.samples
    }

    /// All scalars, sample after sample.
    #[must_use]
    pub fn as_slice(self) -> &'a [T] {
        self.data
    }

    /// The samples, in order.
    pub fn iter(self) -> core::slice::ChunksExact<'a, T> {
        self.data.chunks_exact(S::LEN)
    }

    /// The same scalars as samples of another shape.
    ///
    /// # Panics
    /// If a sample of shape `R` has another number of scalars.
    #[must_use]
    #[track_caller]
    pub fn reshape<R: Shape>(self) -> Batch<'a, T, R> {
        Batch::new(self.data, self.samples)
    }
}

impl<'a, T, S: Shape> BatchMut<'a, T, S> {
    /// Takes `data` as `samples` samples of shape `S`.
    ///
    /// # Panics
    /// If `data` does not hold exactly that many scalars.
    #[must_use]
    #[track_caller]
    pub fn new(data: &'a mut [T], samples: usize) -> Self {
        check_len::<S>(data.len(), samples);
        Self { data, samples, shape: PhantomData }
    }

    /// The number of samples.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// All scalars, sample after sample.
    #[must_use]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        self.data
    }

    /// The samples, in order.
    pub fn iter_mut(&mut self) -> core::slice::ChunksExactMut<'_, T> {
        self.data.chunks_exact_mut(S::LEN)
    }

    /// The batch, to be read.
    #[must_use]
    pub fn into_batch(self) -> Batch<'a, T, S> {
        Batch { data: self.data, samples: self.samples, shape: PhantomData }
    }

    /// The batch, to be read while this borrow lasts.
    #[must_use]
    pub fn as_batch(&self) -> Batch<'_, T, S> {
        Batch { data: self.data, samples: self.samples, shape: PhantomData }
    }

    /// A shorter borrow of the same batch.
    #[must_use]
    pub fn reborrow(&mut self) -> BatchMut<'_, T, S> {
        BatchMut { data: self.data, samples: self.samples, shape: PhantomData }
    }

    /// The same scalars as samples of another shape.
    ///
    /// # Panics
    /// If a sample of shape `R` has another number of scalars.
    #[must_use]
    #[track_caller]
    pub fn reshape<R: Shape>(self) -> BatchMut<'a, T, R> {
        BatchMut::new(self.data, self.samples)
    }
}

impl<'a, T, S: Shape> IntoIterator for Batch<'a, T, S> {
    type Item = &'a [T];
    type IntoIter = core::slice::ChunksExact<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, T, S: Shape> IntoIterator for &'a mut BatchMut<'_, T, S> {
    type Item = &'a mut [T];
    type IntoIter = core::slice::ChunksExactMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[track_caller]
fn check_len<S: Shape>(len: usize, samples: usize) {
    assert!(
        len == S::LEN * samples,
        "a batch of {samples} samples of shape {:?} holds {} scalars, not {len}",
        S::DIMS,
        S::LEN * samples
    );
}
