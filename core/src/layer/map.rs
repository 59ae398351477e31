use core::marker::PhantomData;

use crate::activation::{Activation, activate, activation_gradient};
use crate::layer::{Forward, Layer};
use crate::{Batch, BatchMut, Scalar, Shape};

/// An [`Activation`] of each scalar by itself: `output = activation(input)`.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - as the activation says
#[derive(Clone, Copy, Debug)]
pub struct Map<A, S> {
    activation: A,
    shape: PhantomData<S>,
}

impl<A, S> Map<A, S> {
    /// `activation` over samples of shape `S`.
    #[must_use]
    pub const fn new(activation: A) -> Self {
        Self { activation, shape: PhantomData }
    }
}

impl<A: Activation, S> Map<A, S> {
    /// The activation.
    #[must_use]
    pub const fn activation(&self) -> A {
        self.activation
    }
}

impl<A: Activation, T: Scalar, S: Shape> Layer<T> for Map<A, S> {
    type Input = S;
    type Output = S;

    fn forward(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, _: &mut [T]) {
        output.as_mut_slice().copy_from_slice(input.as_slice());
        activate(self.activation, output.as_mut_slice());
    }

    fn backward(
        &self,
        forward: Forward<'_, T, S, S>,
        d_output: Batch<'_, T, S>,
        d_input: Option<BatchMut<'_, T, S>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        let gradients = d_input.as_mut_slice();
        gradients.copy_from_slice(d_output.as_slice());
        activation_gradient(self.activation, [forward.input.as_slice(), forward.output.as_slice()], gradients);
    }
}
