use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Square: `output = input²`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = 2 · d_output · input`
#[derive(Clone, Copy, Debug, Default)]
pub struct Square<S>(PhantomData<S>);

impl<S> Square<S> {
    /// The square over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Square<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input * input
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * (input + input)
    }
}

elementwise_layer!(Square);
