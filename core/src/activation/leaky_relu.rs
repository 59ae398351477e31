use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Leaky rectifier: `output = input` where `input > 0`, otherwise `slope · input`, each scalar by itself.
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise `slope · d_output`; so the derivative at 0 is `slope`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeakyRelu {
    slope: f64,
}

impl LeakyRelu {
    /// The leaky rectifier, with this slope left of 0.
    #[must_use]
    pub const fn new(slope: f64) -> Self {
        Self { slope }
    }
}

#[compiled]
impl Activation for LeakyRelu {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.slope * input, input)
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        input.at_most(input.zero()).select(self.slope * d_output, d_output)
    }
}
