use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use super::sigmoid::sigmoid;
use crate::Scalar;

/// Sigmoid linear unit, or swish: `output = input · σ(input)` with `σ(x) = 1 / (1 + e^-x)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · σ(input) · (1 + input · (1 - σ(input)))`
#[derive(Clone, Copy, Debug, Default)]
pub struct Silu<S>(PhantomData<S>);

impl<S> Silu<S> {
    /// The sigmoid linear unit over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, S> Elementwise<T> for Silu<S> {
    fn value(&self, input: T) -> T {
        input * sigmoid(input)
    }

    fn d_input(&self, input: T, _: T, d_output: T) -> T {
        let sigmoid = sigmoid(input);
        d_output * sigmoid * (T::ONE + input * (T::ONE - sigmoid))
    }
}

elementwise_layer!(Silu);
