//! The shortest formulas: what operators are made of, and sums of gradients.

use constgrad_kernels::{Formula, Precision, Real, Simd, Term, Vector};
use constgrad_macros::compiled;

/// `y += a · x`.
#[derive(Clone, Copy)]
pub(crate) struct Axpy(pub(crate) f64);

/// `y *= a`.
#[derive(Clone, Copy)]
pub(crate) struct Scale(pub(crate) f64);

#[compiled]
impl Formula<0, 1> for Scale {
    fn apply<S: Simd, T: Real>(&self, _: [Vector<S, T>; 0], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [y * self.0]
    }
}

/// `y += share · (x - y)`.
#[derive(Clone, Copy)]
pub(crate) struct Lerp(pub(crate) f64);

#[compiled]
impl Formula<1, 1> for Lerp {
    fn apply<S: Simd, T: Real>(&self, [x]: [Vector<S, T>; 1], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [y + self.0 * (x - y)]
    }
}

/// `x · y`.
#[derive(Clone, Copy)]
pub(crate) struct Product;

#[compiled]
impl Term<2> for Product {
    fn term<S: Simd, T: Real>(&self, [x, y]: [Vector<S, T>; 2]) -> Vector<S, T> {
        x * y
    }
}

/// `product = a · b`.
#[derive(Clone, Copy)]
pub(crate) struct Multiply;

/// `quotient = a / b`.
#[derive(Clone, Copy)]
pub(crate) struct Divide;

/// Turns gradients of quotients `a / b` into those of `b`.
#[derive(Clone, Copy)]
pub(crate) struct DivisorGradient;

#[compiled]
impl Formula<1, 1> for Axpy {
    fn apply<S: Simd, T: Real>(&self, [x]: [Vector<S, T>; 1], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [x.mul_add(x.constant(self.0), y)]
    }
}

#[compiled]
impl Formula<2, 1> for Multiply {
    fn apply<S: Simd, T: Real>(&self, [a, b]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [a * b]
    }
}

#[compiled]
impl Formula<2, 1> for Divide {
    fn apply<S: Simd, T: Real>(&self, [a, b]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [a / b]
    }
}

#[compiled]
impl Formula<2, 1> for DivisorGradient {
    fn apply<S: Simd, T: Real>(&self, [a, b]: [Vector<S, T>; 2], [gradient]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        // Divided twice: the square may overflow.
        [-gradient / b * (a / b)]
    }
}

/// `x · y` where `x` is not above 0, otherwise 0.
#[derive(Clone, Copy)]
pub(crate) struct NegativeProduct;

#[compiled]
impl Term<2> for NegativeProduct {
    fn term<S: Simd, T: Real>(&self, [x, y]: [Vector<S, T>; 2]) -> Vector<S, T> {
        x.at_most(x.zero()).select(x * y, x.zero())
    }
}

/// `y += x`.
pub(crate) fn add<T: Precision>(x: &[T], y: &mut [T]) {
    T::map(Axpy(1.0), [x], [y]);
}
