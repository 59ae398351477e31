use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Square root: `output = √input`, each scalar by itself.
///
/// That of a negative number is NaN.
///
/// # Gradients
/// - `d_input = d_output / (2 · output)`, which at 0 is infinite
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sqrt;

#[compiled]
impl Activation for Sqrt {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.sqrt()
    }

    fn d_input<S: Simd, T: Real>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output / (output + output)
    }
}
