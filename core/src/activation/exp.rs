use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Exponential: `output = e^input`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output · output`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exp;

#[compiled]
impl Activation for Exp {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.exp()
    }

    fn d_input<S: Simd, T: Real>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * output
    }
}
