use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::Scalar;

/// Logistic function: `output = 1 / (1 + e^-input)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · output · (1 - output)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Sigmoid<S>(PhantomData<S>);

impl<S> Sigmoid<S> {
    /// The logistic function over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, S> Elementwise<T> for Sigmoid<S> {
    fn value(&self, input: T) -> T {
        sigmoid(input)
    }

    fn d_input(&self, _: T, output: T, d_output: T) -> T {
        d_output * output * (T::ONE - output)
    }
}

elementwise_layer!(Sigmoid);

/// `1 / (1 + e^-x)`: where the power overflows to infinity, its inverse is the right limit, 0.
pub(crate) fn sigmoid<T: Scalar>(x: T) -> T {
    T::ONE / (T::ONE + (-x).exp())
}
