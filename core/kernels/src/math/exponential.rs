//! `e^x`, and what is made of it.
//!
//! The exponent is taken off as a multiple of ln 2 in two parts (Cody and Waite, *Software Manual for the Elementary
//! Real*, 1980), the rest is a polynomial.

use core::f64::consts::LOG2_E;

use pulp::Simd;

use crate::simd::{Real, Vector};

/// A power of two, and its logarithm: it lifts what is subnormal to full precision, up to the last product.
const LIFT: f64 = (1_u128 << 100) as f64;
const LIFT_EXPONENT: f64 = 100.0;

/// A power of e, not rounded yet: `2^exponent · (1 + excess)`.
#[derive(Clone, Copy)]
pub(super) struct Power<S: Simd, T: Real> {
    exponent: Vector<S, T>,
    excess: Vector<S, T>,
}

impl<S: Simd, T: Real> Power<S, T> {
    /// `e^x`.
    #[inline(always)]
    pub(super) fn of(x: Vector<S, T>) -> Self {
        Self::of_sum(x, x.nothing())
    }

    /// `e^(high + low)`, for `low` far below 1 and not rounded into `high`.
    #[inline(always)]
    pub(super) fn of_sum(high: Vector<S, T>, low: Vector<S, T>) -> Self {
        let [ln_2, ln_2_rest] = T::LN_2;
        let exponent = (high + low).times_rounded(LOG2_E);
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

    /// `factor · 2^exponent`, for exponents up to 0; the result need not be of full precision.
    #[inline(always)]
    fn scaled(self, factor: Vector<S, T>) -> Vector<S, T> {
        factor * (self.exponent + LIFT_EXPONENT).power_of_two() * (1.0 / LIFT)
    }
}

impl<S: Simd, T: Real> Vector<S, T> {
    /// Minus zero: unlike zero it changes no summand at all, so that the compiler leaves out the addition.
    #[inline(always)]
    fn nothing(self) -> Self {
        self.constant(-0.0)
    }

    /// `e^self`.
    #[inline(always)]
    pub fn exp(self) -> Self {
        let [least, greatest] = T::EXP_RANGE;
        let Power { exponent, excess } = Power::of(self.no_less_than(least).no_more_than(greatest));
        // In two steps: that power of two need be neither of full precision nor finite.
        let half = exponent.times_rounded(0.5);
        (excess + 1.0) * half.power_of_two() * (exponent - half).power_of_two()
    }

    /// `e^-|self|`, which takes less than [`exp`](Self::exp).
    #[inline(always)]
    pub fn exp_neg_abs(self) -> Self {
        Power::of(-self.abs().no_more_than(-T::EXP_RANGE[0])).rounded()
    }

    /// `e^self - 1`, for what is not above 0.
    #[inline(always)]
    pub fn exp_m1_of_negative(self) -> Self {
        // Where it is below, the result is -1.
        let Power { exponent, excess } = Power::of(self.no_less_than(-2.0 * T::TANH_MAX).no_more_than(0.0));
        let power = exponent.power_of_two();
        power.mul_add(excess, power - 1.0)
    }

    /// The hyperbolic tangent.
    ///
    /// With `|self| = rest + k · ln 2 / 2` and `t = tanh(rest)`, a polynomial, the addition theorem makes it
    /// `((2^k - 1) + (2^k + 1) t) / ((2^k + 1) + (2^k - 1) t)`. For `k = 0` that is exactly `t`; above, the three last
    /// roundings make up all but a few hundredths of its 2.5 units in the last place.
    #[inline(always)]
    pub fn tanh(self) -> Self {
        let [ln_2, ln_2_rest] = T::LN_2;
        let x = self.abs().no_more_than(T::TANH_MAX);
        let exponent = x.times_rounded(2.0 * LOG2_E);
        let rest = exponent.mul_add(x.constant(-0.5 * ln_2_rest), exponent.mul_add(x.constant(-0.5 * ln_2), x));
        let square = rest * rest;
        let tanh = (rest * square).mul_add(square.polynomial(T::TANH), rest);
        let power = exponent.power_of_two();
        let (less, more) = (power - 1.0, power + 1.0);
        (more.mul_add(tanh, less) / less.mul_add(tanh, more)).with_sign_of(self)
    }

    /// The logistic function `σ(self) = 1 / (1 + e^-self)`.
    ///
    /// With `p = e^-|self|`: `p - p · p / (1 + p)` below 0, `1 - p / (1 + p)` above, which round little but `p`.
    #[inline(always)]
    pub fn sigmoid(self) -> Self {
        let power = self.exp_neg_abs();
        let first = self.at_most(self.zero()).select(power, self.constant(1.0));
        first.mul_add(-(power / (power + 1.0)), first)
    }

    /// `self · σ(self)`.
    ///
    /// That is `max(self, 0) - x · σ(-x)` with `x = |self|`, where `x` comes in before the power can lose digits.
    #[inline(always)]
    pub fn times_sigmoid(self) -> Self {
        let x = self.abs().no_more_than(-T::EXP_RANGE[0]);
        let power = Power::of(-x);
        let rounded = power.rounded();
        let product = power.excess.mul_add(x, x);
        self.positive() - power.scaled(product.mul_add(-(rounded / (rounded + 1.0)), product))
    }

    /// `max(self, 0)`, and NaN for NaN.
    #[inline(always)]
    pub fn positive(self) -> Self {
        self.at_most(self.zero()).select(self.zero(), self)
    }
}
