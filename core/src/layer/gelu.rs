use core::marker::PhantomData;

use pulp::Simd;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::kernel::{Functions, Vector};

/// Gaussian error linear unit: `output = input · Φ(input)`, each scalar by itself.
///
/// Φ is the distribution function of the standard normal distribution, `Φ(x) = (1 + erf(x / √2)) / 2`, computed exactly:
/// not the approximation by a hyperbolic tangent.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · (Φ(input) + input · φ(input))` with the density `φ(x) = e^(-x²/2) / √(2π)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Gelu<S>(PhantomData<S>);

impl<S> Gelu<S> {
    /// The Gaussian error linear unit over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl Elementwise for Gelu<()> {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.times_normal()
    }

    #[inline(always)]
    fn d_input<S: Simd, T: Functions>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * (input.normal() + input * input.normal_density())
    }
}

elementwise_layer!(Gelu);
