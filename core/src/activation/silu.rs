use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Sigmoid linear unit, or swish: `output = input · σ(input)` with `σ(x) = 1 / (1 + e^-x)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output · σ(input) · (1 + input · (1 - σ(input)))`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silu;

#[compiled]
impl Activation for Silu {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.times_sigmoid()
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        let sigmoid = input.sigmoid();
        d_output * sigmoid * (1.0 + input * (1.0 - sigmoid))
    }
}
