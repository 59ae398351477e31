use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Sine: `output = sin(input)`, each scalar by itself. The input is in radians.
///
/// # Gradients
/// - `d_input = d_output · cos(input)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sin;

#[compiled]
impl Activation for Sin {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.each(libm::sin)
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * input.each(libm::cos)
    }
}
