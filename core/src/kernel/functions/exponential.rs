//! `e^x`, and what is made of it.
//!
//! The exponent is taken off as a multiple of ln 2 in two parts (Cody and Waite, *Software Manual for the Elementary
//! Functions*, 1980), the rest is a polynomial.

use core::f64::consts::LOG2_E;

use pulp::Simd;

use super::Functions;
use crate::kernel::vector::Vector;

/// A power of e, not rounded yet: `2^exponent · (1 + excess)`.
#[derive(Clone, Copy)]
pub(super) struct Power<S: Simd, T: Functions> {
    exponent: Vector<S, T>,
    excess: Vector<S, T>,
}

impl<S: Simd, T: Functions> Power<S, T> {
    /// `e^x`.
    #[inline(always)]
    pub(super) fn of(x: Vector<S, T>) -> Self {
        Self::of_sum(x, x.nothing())
    }

    /// `e^(high + low)`, for `low` far below 1 and not rounded into `high`.
    #[inline(always)]
    pub(super) fn of_sum(high: Vector<S, T>, low: Vector<S, T>) -> Self {
        let [ln_2, ln_2_rest] = T::LN_2;
        let exponent = ((high + low) * LOG2_E).round();
        let rest = exponent.mul_add(high.constant(-ln_2_rest), exponent.mul_add(high.constant(-ln_2), high)) + low;
        Self { exponent, excess: (rest * rest).mul_add(rest.polynomial(T::EXP), rest) }
    }

    /// The power.
    #[inline(always)]
    pub(super) fn rounded(self) -> Vector<S, T> {
        self.times(self.excess.constant(1.0))
    }

    /// The power times `factor`.
    #[inline(always)]
    pub(super) fn times(self, factor: Vector<S, T>) -> Vector<S, T> {
        self.times_sum(factor, factor.nothing())
    }

    /// The power times `high + low`, for `low` far below `high`.
    #[inline(always)]
    pub(super) fn times_sum(self, high: Vector<S, T>, low: Vector<S, T>) -> Vector<S, T> {
        self.scaled(high + self.excess.mul_add(high + low, low))
    }

    /// `factor · 2^exponent`, where neither that power of two nor the result need be of full precision.
    #[inline(always)]
    fn scaled(self, factor: Vector<S, T>) -> Vector<S, T> {
        let half = (self.exponent * 0.5).round();
        factor * half.power_of_two() * (self.exponent - half).power_of_two()
    }
}

impl<S: Simd, T: Functions> Vector<S, T> {
    /// Minus zero: unlike zero it changes no summand at all, so that the compiler leaves out the addition.
    #[inline(always)]
    fn nothing(self) -> Self {
        self.constant(-0.0)
    }

    /// `e^self`.
    #[inline(always)]
    pub(crate) fn exp(self) -> Self {
        let [least, greatest] = T::EXP_RANGE;
        Power::of(self.no_less_than(least).no_more_than(greatest)).rounded()
    }

    /// The hyperbolic tangent.
    ///
    /// Where it is small, a rational function of its square; where its difference to 1 is small, that difference.
    #[inline(always)]
    pub(crate) fn tanh(self) -> Self {
        let x = self.abs().no_more_than(T::TANH_MAX);
        let Power { exponent, excess } = Power::of(x + x);
        let power = exponent.power_of_two();
        let square = x * x;
        let (numerator, denominator) = (square.polynomial(T::TANH[0]), square.polynomial(T::TANH[1]));
        let small = x.at_most(x.constant(0.65));
        // The one division: x + x³ · P(x²) / Q(x²), or 1 - 2 / (e^2x + 1).
        let term = small.select(x * square * numerator, x.constant(-2.0))
            / small.select(denominator, excess.mul_add(power, power) + 1.0);
        (small.select(x, x.constant(1.0)) + term).with_sign_of(self)
    }

    /// The logistic function `σ(self) = 1 / (1 + e^-self)`.
    ///
    /// With `p = e^-|self|`: `p - p · p / (1 + p)` below 0, `1 - p / (1 + p)` above, which round little but `p`.
    #[inline(always)]
    pub(crate) fn sigmoid(self) -> Self {
        let power = (-self.abs()).exp();
        let first = self.at_most(self.zero()).select(power, self.constant(1.0));
        first.mul_add(-(power / (power + 1.0)), first)
    }

    /// `self · σ(self)`.
    ///
    /// That is `max(self, 0) - x · σ(-x)` with `x = |self|`, where `x` comes in before the power can lose digits.
    #[inline(always)]
    pub(crate) fn times_sigmoid(self) -> Self {
        let x = self.abs().no_more_than(-T::EXP_RANGE[0]);
        let power = Power::of(-x);
        let rounded = power.rounded();
        let product = power.excess.mul_add(x, x);
        self.positive() - power.scaled(product.mul_add(-(rounded / (rounded + 1.0)), product))
    }

    /// `max(self, 0)`, and NaN for NaN.
    #[inline(always)]
    pub(crate) fn positive(self) -> Self {
        self.at_most(self.zero()).select(self.zero(), self)
    }
}
