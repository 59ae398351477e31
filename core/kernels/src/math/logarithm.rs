//! Logarithms.
//!
//! `ln(1 + f) = 2 artanh(s)` with `s = f / (2 + f)`, whose first terms are computed from `f`, which is not rounded (Cody
//! and Waite, *Software Manual for the Elementary Real*, 1980).

use pulp::Simd;

use crate::simd::{Real, Vector};

impl<S: Simd, T: Real> Vector<S, T> {
    /// `ln(1 + e^-|self|)`: how far the smooth rectifier lies above the sharp one.
    #[inline(always)]
    pub fn ln_1p_exp_neg_abs(self) -> Self {
        let power = self.exp_neg_abs();
        // Halved where it is above ½, 1 + power stays near 1 without rounding.
        let small = power.at_most(self.constant(0.5));
        small.select(power, (power - 1.0) * 0.5).ln_1p_plus(small.select(self.zero(), self.constant(1.0)))
    }

    /// `ln(1 + self) + exponent · ln 2`, where `1 + self` is between √½ and 3/2.
    #[inline(always)]
    fn ln_1p_plus(self, exponent: Self) -> Self {
        let [ln_2, ln_2_rest] = T::LN_2;
        let s = self / (self + 2.0);
        let square = s * s;
        let half = self * self * 0.5;
        let rest = s.mul_add(square.mul_add(square.polynomial(T::LN), half), exponent * ln_2_rest);
        exponent * ln_2 - ((half - rest) - self)
    }
}
