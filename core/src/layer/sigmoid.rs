use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Logistic function: `output = 1 / (1 + e^-input)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · output · (1 - output)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Sigmoid<S>(PhantomData<S>);

impl<S> Sigmoid<S> {
    /// The logistic function over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Sigmoid<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.sigmoid()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * output * (1.0 - output)
    }
}

elementwise_layer!(Sigmoid);
