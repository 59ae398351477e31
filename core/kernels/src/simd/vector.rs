//! A register of scalars with the operators of one, so that formulas read like mathematics.

use core::ops::{Add, Div, Mul, Neg, Sub};

use pulp::Simd;

use super::real::Real;

/// As many scalars as a register holds, computed with all at once.
///
/// A number in a formula, such as the one in `1.0 - x`, stands for all lanes.
#[must_use]
#[derive(Clone, Copy)]
pub struct Vector<S: Simd, T: Real> {
    simd: S,
    lanes: T::Lanes<S>,
}

/// A truth value for each lane of a [`Vector`].
#[derive(Clone, Copy)]
pub struct Mask<S: Simd, T: Real> {
    simd: S,
    lanes: T::Mask<S>,
}

impl<S: Simd, T: Real> Vector<S, T> {
    #[inline(always)]
    pub(crate) fn new(simd: S, lanes: T::Lanes<S>) -> Self {
        Self { simd, lanes }
    }

    #[inline(always)]
    pub(crate) fn lanes(self) -> T::Lanes<S> {
        self.lanes
    }

    /// The number `value` in all lanes.
    #[inline(always)]
    pub fn constant(self, value: f64) -> Self {
        self.splat(T::from_f64(value))
    }

    /// Zero in all lanes.
    #[inline(always)]
    pub fn zero(self) -> Self {
        self.splat(T::ZERO)
    }

    /// `scalar` in all lanes.
    #[inline(always)]
    pub fn splat(self, scalar: T) -> Self {
        Self::new(self.simd, T::splat(self.simd, scalar))
    }

    /// `self · factor + summand`, rounded once where that is one instruction.
    #[inline(always)]
    pub fn mul_add(self, factor: Self, summand: Self) -> Self {
        Self::new(self.simd, T::mul_add(self.simd, self.lanes, factor.lanes, summand.lanes))
    }

    /// `|self|`.
    #[inline(always)]
    pub fn abs(self) -> Self {
        Self::new(self.simd, T::abs(self.simd, self.lanes))
    }

    /// 1 above 0, -1 below, 0 for 0 and NaN for NaN.
    #[inline(always)]
    pub fn sign(self) -> Self {
        let (zero, one) = (self.zero(), self.constant(1.0));
        // What is neither stays.
        let sign = zero.at_most(self).select(one, self.at_most(zero).select(-one, self));
        self.abs().at_most(zero).select(zero, sign)
    }

    /// Itself, and 0 for what is subnormal, with which a processor is slow.
    #[inline(always)]
    pub fn not_subnormal(self) -> Self {
        self.abs().at_most(self.splat(T::LEAST_NORMAL)).select(self.zero(), self)
    }

    /// Itself, and NaN for what is infinite.
    #[inline(always)]
    pub fn finite(self) -> Self {
        self.mul_add(self.zero(), self)
    }

    /// `√self`.
    #[inline(always)]
    pub fn sqrt(self) -> Self {
        Self::new(self.simd, T::sqrt(self.simd, self.lanes))
    }

    /// `function` of each lane, one after the other.
    #[inline(always)]
    pub fn each(self, function: impl Fn(f64) -> f64) -> Self {
        let mut lanes = self.lanes;
        for scalar in bytemuck::cast_slice_mut::<_, T>(core::slice::from_mut(&mut lanes)) {
            *scalar = T::from_f64(function((*scalar).into()));
        }
        Self::new(self.simd, lanes)
    }

    /// The bits that are set in both.
    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self::new(self.simd, T::and(self.simd, self.lanes, other.lanes))
    }

    /// `self`, which is not negative, with the sign of `other`.
    #[inline(always)]
    pub(crate) fn with_sign_of(self, other: Self) -> Self {
        Self::new(self.simd, T::or(self.simd, self.lanes, other.and(other.constant(-0.0)).lanes))
    }

    /// Where `self <= other`; nowhere where one is NaN.
    #[inline(always)]
    pub fn at_most(self, other: Self) -> Mask<S, T> {
        Mask { simd: self.simd, lanes: T::at_most(self.simd, self.lanes, other.lanes) }
    }
}

impl<S: Simd, T: Real> Vector<S, T> {
    /// `2^self`, for integers that are the exponent of a scalar of full precision.
    #[inline(always)]
    pub(crate) fn power_of_two(self) -> Self {
        Self::new(self.simd, T::power_of_two(self.simd, self.lanes))
    }
}

impl<S: Simd, T: Real> Mask<S, T> {
    /// `yes` where the mask is true, otherwise `no`.
    #[inline(always)]
    pub fn select(self, yes: Vector<S, T>, no: Vector<S, T>) -> Vector<S, T> {
        Vector::new(self.simd, T::select(self.simd, self.lanes, yes.lanes, no.lanes))
    }
}

/// An operator between vectors, and between a vector and a number.
macro_rules! operator {
    ($trait:ident, $method:ident, $lanes:ident) => {
        impl<S: Simd, T: Real> $trait for Vector<S, T> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self::new(self.simd, T::$lanes(self.simd, self.lanes, other.lanes))
            }
        }

        impl<S: Simd, T: Real> $trait<f64> for Vector<S, T> {
            type Output = Self;

            #[inline(always)]
            fn $method(self, number: f64) -> Self {
                self.$method(self.constant(number))
            }
        }

        impl<S: Simd, T: Real> $trait<Vector<S, T>> for f64 {
            type Output = Vector<S, T>;

            #[inline(always)]
            fn $method(self, vector: Vector<S, T>) -> Vector<S, T> {
                vector.constant(self).$method(vector)
            }
        }
    };
}
operator!(Add, add, plus);
operator!(Sub, sub, minus);
operator!(Mul, mul, times);
operator!(Div, div, over);

impl<S: Simd, T: Real> Neg for Vector<S, T> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self::new(self.simd, T::negated(self.simd, self.lanes))
    }
}
