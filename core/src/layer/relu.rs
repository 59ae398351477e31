use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

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

impl Elementwise for Relu<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.positive()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        output.at_most(output.zero()).select(output.zero(), d_output)
    }
}

elementwise_layer!(Relu);
