use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Absolute value: `output = |input|`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output · sign(input)`; the derivative at 0 is 0
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Abs;

#[compiled]
impl Activation for Abs {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.abs()
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * input.sign()
    }
}
