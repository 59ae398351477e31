use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Hyperbolic tangent: `output = tanh(input)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · (1 - output²)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Tanh<S>(PhantomData<S>);

impl<S> Tanh<S> {
    /// The hyperbolic tangent over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Tanh<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.tanh()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * (1.0 - output * output)
    }
}

elementwise_layer!(Tanh);
