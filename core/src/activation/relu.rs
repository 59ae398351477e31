use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Rectifier: `output = max(input, 0)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise 0; so `relu'(0) = 0`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relu;

#[compiled]
impl Activation for Relu {
    const FROM_OUTPUT: bool = true;

    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.positive()
    }

    fn d_input<S: Simd, T: Real>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        output.at_most(output.zero()).select(output.zero(), d_output)
    }
}
