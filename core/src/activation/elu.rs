use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Exponential linear unit: `output = input` where `input > 0`, otherwise `alpha · (e^input - 1)`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise `alpha · e^input · d_output`; so the derivative at 0 is `alpha`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Elu {
    alpha: f64,
}

impl Elu {
    /// The exponential linear unit, which falls to `-alpha`.
    #[must_use]
    pub const fn new(alpha: f64) -> Self {
        Self { alpha }
    }
}

#[compiled]
impl Activation for Elu {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.alpha * input.exp_m1_of_negative(), input)
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.alpha * input.exp_neg_abs() * d_output, d_output)
    }
}
