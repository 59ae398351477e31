use core::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI};
use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::Scalar;

/// Gaussian error linear unit: `output = input · Φ(input)`, each scalar by itself.
///
/// Φ is the distribution function of the standard normal distribution, `Φ(x) = (1 + erf(x / √2)) / 2`, computed exactly:
/// not the approximation by a hyperbolic tangent.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output · (Φ(input) + input · φ(input))` with the density `φ(x) = e^(-x²/2) / √(2π)`
#[derive(Clone, Copy, Debug, Default)]
pub struct Gelu<S>(PhantomData<S>);

impl<S> Gelu<S> {
    /// The Gaussian error linear unit over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, S> Elementwise<T> for Gelu<S> {
    fn value(&self, input: T) -> T {
        input * distribution(input)
    }

    fn d_input(&self, input: T, _: T, d_output: T) -> T {
        d_output * (distribution(input) + input * density(input))
    }
}

elementwise_layer!(Gelu);

/// Φ.
fn distribution<T: Scalar>(x: T) -> T {
    T::nearest(0.5) * (T::ONE + (x * T::nearest(FRAC_1_SQRT_2)).erf())
}

/// φ.
fn density<T: Scalar>(x: T) -> T {
    T::nearest(0.5 * FRAC_1_SQRT_2 * FRAC_2_SQRT_PI) * (T::nearest(-0.5) * x * x).exp()
}
