use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Natural logarithm: `output = ln(input)`, each scalar by itself.
///
/// That of 0 is minus infinity, that of a negative number NaN.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output / input`
#[derive(Clone, Copy, Debug, Default)]
pub struct Ln<S>(PhantomData<S>);

impl<S> Ln<S> {
    /// The natural logarithm over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Ln<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.each(libm::log)
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output / input
    }
}

elementwise_layer!(Ln);
