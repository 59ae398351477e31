//! Numbers of two `f64`, some 31 digits: what the functions in `f64` are compared with.

use core::f64::consts::LN_2;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// `self.0 + self.1`, the second not greater than a rounding error of the first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Double(pub(super) f64, pub(super) f64);

impl From<f64> for Double {
    fn from(number: f64) -> Self {
        Self(number, 0.0)
    }
}

impl Neg for Double {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0, -self.1)
    }
}

impl Add for Double {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let sum = exact_sum(self.0, other.0);
        let rest = exact_sum(self.1, other.1);
        let sum = exact_sum(sum.0, sum.1 + rest.0);
        exact_sum(sum.0, sum.1 + rest.1)
    }
}

impl Sub for Double {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Mul for Double {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        let product = self.0 * other.0;
        let error = self.0.mul_add(other.0, -product);
        exact_sum(product, error + (self.0 * other.1 + self.1 * other.0))
    }
}

impl Div for Double {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let mut rest = self;
        let mut quotient = Self::from(0.0);
        for _ in 0..3 {
            let digits = Self::from(rest.0 / other.0);
            quotient = quotient + digits;
            rest = rest - digits * other;
        }
        quotient
    }
}

fn exact_sum(a: f64, b: f64) -> Double {
    let sum = a + b;
    let b_of_sum = sum - a;
    Double(sum, (a - (sum - b_of_sum)) + (b - b_of_sum))
}

impl Double {
    pub(super) const ONE: Self = Self(1.0, 0.0);
    pub(super) const LN_2: Self = Self(LN_2, 2.319_046_813_846_299_6e-17);

    pub(super) fn rounded(self) -> f64 {
        // A second part of an infinite number is NaN.
        if self.0.is_finite() { self.0 + self.1 } else { self.0 }
    }

    /// `e^self - 1`, for `self` around 0: a series after 8 halvings, each undone with `(1 + e)² - 1 = 2 e + e²`.
    pub(super) fn exp_m1(self) -> Self {
        let x = self * Self::from(1.0 / 256.0);
        let series = (2..=13).rev().fold(Self::ONE, |sum, n| Self::ONE + x * sum / Self::from(f64::from(n)));
        (0..8).fold(x * series, |excess, _| excess + excess + excess * excess)
    }

    /// `ln(1 + self)`, for `self` between -¼ and 1: `2 s + 2/3 s³ + 2/5 s⁵ + …` with `s = self / (2 + self)`.
    pub(super) fn ln_1p(self) -> Self {
        let s = self / (Self::from(2.0) + self);
        let term = |n: u32| Self::from(2.0) / Self::from(f64::from(2 * n + 1));
        s * (0..35).rev().fold(Self::from(0.0), |sum, n| term(n) + s * s * sum)
    }
}
