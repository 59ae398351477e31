use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Square root: `output = √input`, each scalar by itself.
///
/// That of a negative number is NaN.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output / (2 · output)`, which at 0 is infinite
#[derive(Clone, Copy, Debug, Default)]
pub struct Sqrt<S>(PhantomData<S>);

impl<S> Sqrt<S> {
    /// The square root over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Sqrt<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.sqrt()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output / (output + output)
    }
}

elementwise_layer!(Sqrt);
