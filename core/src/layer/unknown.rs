use core::marker::PhantomData;

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Scalar, Shape};

/// What stands in a network with a mistake, so that the rest of the program is checked: never run, as the mistake is an
/// error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unknown<I, O>(PhantomData<(I, O)>);

impl<I, O> Unknown<I, O> {
    /// From samples of shape `I` to samples of shape `O`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, X, I: Shape, O: Shape> Layer<T, X> for Unknown<I, O> {
    type Input = I;
    type Output = O;

    fn forward(&self, _: Batch<'_, X, I>, _: BatchMut<'_, T, O>, _: &mut [T]) {
        unreachable!("a network with a mistake")
    }

    fn backward(
        &self,
        _: Forward<'_, T, I, O, X>,
        _: Batch<'_, T, O>,
        _: Option<BatchMut<'_, T, I>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        unreachable!("a network with a mistake")
    }
}
