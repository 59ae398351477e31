use core::marker::PhantomData;

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Scalar, Shape};

/// Rectifier: `output = max(input, 0)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise 0; so `relu'(0) = 0`
#[derive(Clone, Copy, Debug, Default)]
pub struct Relu<S>(PhantomData<S>);

impl<S> Relu<S> {
    /// The rectifier over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, S: Shape> Layer<T> for Relu<S> {
    type Input = S;
    type Output = S;

    fn forward(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, _: &mut [T]) {
        for (output, &input) in output.as_mut_slice().iter_mut().zip(input.as_slice()) {
            *output = if input <= T::ZERO { T::ZERO } else { input };
        }
    }

    fn backward(
        &self,
        forward: Forward<'_, T, S, S>,
        d_output: Batch<'_, T, S>,
        d_input: Option<BatchMut<'_, T, S>>,
        _: &mut Self,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        for ((d_input, &d_output), &output) in
            d_input.as_mut_slice().iter_mut().zip(d_output.as_slice()).zip(forward.output.as_slice())
        {
            *d_input = if output <= T::ZERO { T::ZERO } else { d_output };
        }
    }
}
