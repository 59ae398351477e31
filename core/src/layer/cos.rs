use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Cosine: `output = cos(input)`, each scalar by itself. The input is in radians.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = -d_output · sin(input)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Cos<S>(PhantomData<S>);

impl<S> Cos<S> {
    /// The cosine over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Cos<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.each(libm::cos)
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        -d_output * input.each(libm::sin)
    }
}

elementwise_layer!(Cos);
