use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

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

impl Elementwise for Softplus<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.positive() + input.ln_1p_exp_neg_abs()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * input.sigmoid()
    }
}

elementwise_layer!(Softplus);
