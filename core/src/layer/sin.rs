use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Sine: `output = sin(input)`, each scalar by itself. The input is in radians.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · cos(input)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Sin<S>(PhantomData<S>);

impl<S> Sin<S> {
    /// The sine over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Sin<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.each(libm::sin)
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * input.each(libm::cos)
    }
}

elementwise_layer!(Sin);
