use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Square: `output = input²`, each scalar by itself.
///
/// # Gradients
/// - `d_input = 2 · d_output · input`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Square;

#[compiled]
impl Activation for Square {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input * input
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * (input + input)
    }
}
