use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::Scalar;

/// Hyperbolic tangent: `output = tanh(input)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · (1 - output²)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Tanh<S>(PhantomData<S>);

impl<S> Tanh<S> {
    /// The hyperbolic tangent over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, S> Elementwise<T> for Tanh<S> {
    fn value(&self, input: T) -> T {
        input.tanh()
    }

    fn d_input(&self, _: T, output: T, d_output: T) -> T {
        d_output * (T::ONE - output * output)
    }
}

elementwise_layer!(Tanh);
