use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Sigmoid linear unit, or swish: `output = input · σ(input)` with `σ(x) = 1 / (1 + e^-x)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · σ(input) · (1 + input · (1 - σ(input)))`
#[derive(Clone, Copy, Debug, Default)]
pub struct Silu<S>(PhantomData<S>);

impl<S> Silu<S> {
    /// The sigmoid linear unit over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Silu<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.times_sigmoid()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        let sigmoid = input.sigmoid();
        d_output * sigmoid * (1.0 + input * (1.0 - sigmoid))
    }
}

elementwise_layer!(Silu);
