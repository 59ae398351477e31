//! The standard normal distribution.
//!
//! Its tail is `Φ(-x) = e^(-x²/2) · h(x) / (1 + x)` for `x >= 0`, and `h`, between 0.4 and 0.53 everywhere, is a polynomial
//! in `(x - 4) / (x + 4)` (after Shepherd and Laframboise, *Chebyshev Approximation of (1 + 2x) exp(x²) erfc x in
//! 0 ≤ x < ∞*, 1981). Squares are computed from halves of the digits, as is usual since W. J. Cody, *Rational Chebyshev
//! Approximations for the Error Function*, 1969: a rounding error of `x²` would be hundreds of the power.

use pulp::Simd;

use super::exponential::Power;
use crate::simd::Real;
use crate::simd::Vector;

/// Near `h(x)` for all `x`, and short: its product with half the digits of a scalar is exact.
const MEAN: f64 = 241.0 / 512.0;

impl<S: Simd, T: Real> Vector<S, T> {
    /// The distribution function `Φ(self)`.
    #[inline(always)]
    pub fn normal(self) -> Self {
        let x = self.abs().no_more_than(T::NORMAL_MAX);
        let tail = x.gauss().times((x.normal_rest() + MEAN) / (x + 1.0));
        self.at_most(self.zero()).select(tail, 1.0 - tail)
    }

    /// The density `φ(self) = e^(-self²/2) / √2π`.
    #[inline(always)]
    pub fn normal_density(self) -> Self {
        let x = self.abs().no_more_than(T::NORMAL_MAX);
        x.gauss().times(self.constant(0.398_942_280_401_432_7))
    }

    /// `self · Φ(self)`.
    ///
    /// That is `max(self, 0) - x · Φ(-x)` with `x = |self|`. In the second term, `x / (1 + x)` is taken apart into half
    /// its digits and the rest, so that `h · x / (1 + x)` is an exact product and a small sum.
    #[inline(always)]
    pub fn times_normal(self) -> Self {
        let x = self.abs().no_more_than(T::NORMAL_MAX);
        let quotient = x / (x + 1.0);
        let high = quotient.upper_half();
        let divisor = (x + 1.0).upper_half();
        let divisor_rest = x - (divisor - 1.0);
        let remainder = divisor_rest.mul_add(-high, divisor.mul_add(-high, x));
        let low = remainder * (1.0 - quotient);
        self.positive() - x.gauss().times_sum(high * MEAN, low.mul_add(low.constant(MEAN), x.normal_rest() * quotient))
    }

    /// `e^(-self²/2)`.
    #[inline(always)]
    fn gauss(self) -> Power<S, T> {
        let high = self.upper_half();
        Power::of_sum(high * high * -0.5, (self - high) * (self + high) * -0.5)
    }

    /// `h(self)` less [`MEAN`].
    #[inline(always)]
    fn normal_rest(self) -> Self {
        ((self - 4.0) / (self + 4.0)).polynomial(T::NORMAL)
    }
}
