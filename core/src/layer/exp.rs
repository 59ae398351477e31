use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Exponential: `output = e^input`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · output`
#[derive(Clone, Copy, Debug, Default)]
pub struct Exp<S>(PhantomData<S>);

impl<S> Exp<S> {
    /// The exponential over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Exp<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.exp()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * output
    }
}

elementwise_layer!(Exp);
