use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::Scalar;

/// Rectifier: `output = max(input, 0)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
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

impl<T: Scalar, S> Elementwise<T> for Relu<S> {
    fn value(&self, input: T) -> T {
        positive(input)
    }

    fn d_input(&self, input: T, _: T, d_output: T) -> T {
        if input <= T::ZERO { T::ZERO } else { d_output }
    }
}

elementwise_layer!(Relu);

/// `max(x, 0)`, and NaN for NaN, which `max` would drop.
pub(crate) fn positive<T: Scalar>(x: T) -> T {
    if x <= T::ZERO { T::ZERO } else { x }
}
