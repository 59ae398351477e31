use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Exponential linear unit: `output = input` where `input > 0`, otherwise `alpha · (e^input - 1)`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise `alpha · e^input · d_output`; so the derivative at 0 is `alpha`
#[derive(Clone, Copy, Debug)]
pub struct Elu<S> {
    alpha: f64,
    shape: PhantomData<S>,
}

impl<S> Elu<S> {
    /// The exponential linear unit over samples of shape `S`, which falls to `-alpha`.
    #[must_use]
    pub const fn new(alpha: f64) -> Self {
        Self { alpha, shape: PhantomData }
    }
}

impl Elementwise for Elu<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.alpha * input.exp_m1_of_negative(), input)
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.alpha * input.exp_neg_abs() * d_output, d_output)
    }
}

elementwise_layer!(Elu, alpha);
