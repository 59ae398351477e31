//! The shortest formulas: what operators are made of.

use pulp::Simd;

use super::lanes::Lanes;
use super::map::Formula;
use super::vector::Vector;

/// `y += a · x`.
#[derive(Clone, Copy)]
pub(super) struct Axpy<T>(pub(super) T);

/// `product = a · b`.
#[derive(Clone, Copy)]
pub(super) struct Multiply;

/// `quotient = a / b`.
#[derive(Clone, Copy)]
pub(super) struct Divide;

/// Turns gradients of quotients `a / b` into those of `b`.
#[derive(Clone, Copy)]
pub(super) struct DivisorGradient;

impl<T: Lanes> Formula<T, 1, 1> for Axpy<T> {
    #[inline(always)]
    fn apply<S: Simd>(&self, [x]: [Vector<S, T>; 1], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [x.mul_add(x.splat(self.0), y)]
    }
}

impl<T: Lanes> Formula<T, 2, 1> for Multiply {
    #[inline(always)]
    fn apply<S: Simd>(&self, [a, b]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [a * b]
    }
}

impl<T: Lanes> Formula<T, 2, 1> for Divide {
    #[inline(always)]
    fn apply<S: Simd>(&self, [a, b]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [a / b]
    }
}

impl<T: Lanes> Formula<T, 2, 1> for DivisorGradient {
    #[inline(always)]
    fn apply<S: Simd>(&self, [a, b]: [Vector<S, T>; 2], [gradient]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        // Divided twice: the square may overflow.
        [-gradient / b * (a / b)]
    }
}

/// `x · y` where `x` is not above 0, otherwise 0.
#[derive(Clone, Copy)]
pub(super) struct NegativeProduct;

impl<T: Lanes> Formula<T, 2, 1> for NegativeProduct {
    #[inline(always)]
    fn apply<S: Simd>(&self, [x, y]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [x.at_most(x.zero()).select(x * y, x.zero())]
    }
}
