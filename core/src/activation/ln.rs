use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Natural logarithm: `output = ln(input)`, each scalar by itself.
///
/// That of 0 is minus infinity, that of a negative number NaN.
///
/// # Gradients
/// - `d_input = d_output / input`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ln;

#[compiled]
impl Activation for Ln {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.each(libm::log)
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output / input
    }
}
