use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Smooth rectifier: `output = ln(1 + e^input)`, each scalar by itself.
///
/// Computed as `max(input, 0) + ln(1 + e^-|input|)`, which does not overflow, and without the threshold above which
/// other libraries return the input.
///
/// # Gradients
/// - `d_input = d_output · 1 / (1 + e^-input)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Softplus;

#[compiled]
impl Activation for Softplus {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.positive() + input.ln_1p_exp_neg_abs()
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * input.sigmoid()
    }
}
