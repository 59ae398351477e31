//! A scaled sum of two vectors, for optimizers and for gradients that several uses send.

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;

/// `y += a · x`.
pub(super) struct Axpy<'a, T> {
    pub(super) a: T,
    pub(super) x: &'a [T],
    pub(super) y: &'a mut [T],
}

impl<T: Lanes> WithSimd for Axpy<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        debug_assert_eq!(self.x.len(), self.y.len());
        let a = T::splat(simd, self.a);
        let (x, x_part) = T::split::<S>(self.x);
        let (y, y_part) = T::split_mut::<S>(self.y);
        for (y, &x) in y.iter_mut().zip(x) {
            *y = T::mul_add(simd, a, x, *y);
        }
        let sum = T::mul_add(simd, a, T::load(simd, x_part), T::load(simd, y_part));
        T::store(simd, y_part, sum);
    }
}
