use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Hyperbolic tangent: `output = tanh(input)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output · (1 - output²)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tanh;

#[compiled]
impl Activation for Tanh {
    const FROM_OUTPUT: bool = true;

    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.tanh()
    }

    fn d_input<S: Simd, T: Real>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * (1.0 - output * output)
    }
}
