use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Piecewise linear sigmoid: `output = min(max(input / 6 + 1/2, 0), 1)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output / 6` where `-3 < input < 3`, otherwise 0
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HardSigmoid;

#[compiled]
impl Activation for HardSigmoid {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        (input + 3.0).no_less_than(0.0).no_more_than(6.0) / 6.0
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        let is_flat = input.constant(3.0).at_most(input.abs());
        is_flat.select(input.zero(), d_output / 6.0)
    }
}
