use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::Activation;

/// Gaussian error linear unit: `output = input · Φ(input)`, each scalar by itself.
///
/// Φ is the distribution function of the standard normal distribution, `Φ(x) = (1 + erf(x / √2)) / 2`, computed exactly:
/// not the approximation by a hyperbolic tangent.
///
/// # Gradients
/// - `d_input = d_output · (Φ(input) + input · φ(input))` with the density `φ(x) = e^(-x²/2) / √(2π)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gelu;

#[compiled]
impl Activation for Gelu {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.times_normal()
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        d_output * (input.normal() + input * input.normal_density())
    }
}
