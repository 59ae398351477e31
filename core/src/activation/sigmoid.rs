use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Logistic function: `output = 1 / (1 + e^-input)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output · output · (1 - output)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sigmoid;

#[compiled]
impl Activation for Sigmoid {
    const FROM_OUTPUT: bool = true;

    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.sigmoid()
    }

    fn d_input<S: Simd, T: Real>(&self, [_, output]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * output * (1.0 - output)
    }
}
