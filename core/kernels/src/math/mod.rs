//! Exponential, hyperbolic tangent, logarithm and normal distribution, for all lanes at once and without a branch.
//!
//! Each has at most 2 units in the last place between it and the nearest scalar, from subnormal results to overflow, on
//! every instruction set; zeros, infinities and NaN give their limits. What the tests hold is more exact than that.
//!
//! The polynomials are minimax fits by the exchange algorithm of Remez, of degrees that leave a tenth of a unit in the
//! last place to them. Their coefficients go from the constant term up. `mul_add` serves speed only: nothing hangs on its
//! rounding once.

mod exponential;
mod logarithm;
mod normal;
#[cfg(test)]
mod tests;

use pulp::Simd;

use crate::simd::{Real, Vector};

impl<S: Simd, T: Real> Vector<S, T> {
    /// `Σ coefficients[i] · selfⁱ`, by the rule of Horner.
    #[inline(always)]
    fn polynomial(self, coefficients: &[f64]) -> Self {
        let [lower @ .., highest] = coefficients else { return self.constant(0.0) };
        let mut sum = self.constant(*highest);
        for &coefficient in lower.iter().rev() {
            sum = sum.mul_add(self, self.constant(coefficient));
        }
        sum
    }

    /// The integer nearest to `self · factor`, for what is far below the greatest number with a fraction.
    #[inline(always)]
    fn times_rounded(self, factor: f64) -> Self {
        self.mul_add(self.constant(factor), self.constant(T::ROUND)) - T::ROUND
    }

    /// Itself, but at most `bound`; NaN for NaN.
    #[inline(always)]
    pub fn no_more_than(self, bound: f64) -> Self {
        let bound = self.constant(bound);
        bound.at_most(self).select(bound, self)
    }

    /// Itself, but at least `bound`; NaN for NaN.
    #[inline(always)]
    pub fn no_less_than(self, bound: f64) -> Self {
        let bound = self.constant(bound);
        self.at_most(bound).select(bound, self)
    }

    /// The upper half of the digits: its square is exact.
    #[inline(always)]
    fn upper_half(self) -> Self {
        self.and(self.splat(T::UPPER_HALF))
    }
}
