use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use super::relu::positive;
use super::sigmoid::sigmoid;
use crate::Scalar;

/// Smooth rectifier: `output = ln(1 + e^input)`, each scalar by itself.
///
/// Computed as `max(input, 0) + ln(1 + e^-|input|)`, which does not overflow, and without the threshold above which
/// other libraries return the input.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · 1 / (1 + e^-input)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Softplus<S>(PhantomData<S>);

impl<S> Softplus<S> {
    /// The smooth rectifier over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, S> Elementwise<T> for Softplus<S> {
    fn value(&self, input: T) -> T {
        positive(input) + ln_1p_exp_neg_abs(input)
    }

    fn d_input(&self, input: T, _: T, d_output: T) -> T {
        d_output * sigmoid(input)
    }
}

elementwise_layer!(Softplus);

/// `ln(1 + e^-|x|)`: how far the smooth rectifier lies above the sharp one.
pub(crate) fn ln_1p_exp_neg_abs<T: Scalar>(x: T) -> T {
    (-x.abs()).exp().ln_1p()
}
