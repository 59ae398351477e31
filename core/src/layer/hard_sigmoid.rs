use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Piecewise linear sigmoid: `output = min(max(input / 6 + 1/2, 0), 1)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output / 6` where `-3 < input < 3`, otherwise 0
#[derive(Clone, Copy, Debug, Default)]
pub struct HardSigmoid<S>(PhantomData<S>);

impl<S> HardSigmoid<S> {
    /// The piecewise linear sigmoid over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for HardSigmoid<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        (input + 3.0).no_less_than(0.0).no_more_than(6.0) / 6.0
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        let is_flat = input.constant(3.0).at_most(input.abs());
        is_flat.select(input.zero(), d_output / 6.0)
    }
}

elementwise_layer!(HardSigmoid);
