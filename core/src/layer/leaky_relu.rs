use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Leaky rectifier: `output = input` where `input > 0`, otherwise `slope · input`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise `slope · d_output`; so the derivative at 0 is `slope`
#[derive(Clone, Copy, Debug)]
pub struct LeakyRelu<S> {
    slope: f64,
    shape: PhantomData<S>,
}

impl<S> LeakyRelu<S> {
    /// The leaky rectifier over samples of shape `S`, with this slope left of 0.
    #[must_use]
    pub const fn new(slope: f64) -> Self {
        Self { slope, shape: PhantomData }
    }
}

impl Elementwise for LeakyRelu<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.slope * input, input)
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.slope * d_output, d_output)
    }
}

elementwise_layer!(LeakyRelu, slope);
