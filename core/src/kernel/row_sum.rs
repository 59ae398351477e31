use pulp::{Simd, WithSimd};

use super::formulas::Axpy;
use super::lanes::Lanes;
use super::map::Map;

/// `sum = Σ rows`: the gradient of a bias, a row a sample.
pub(super) struct RowSum<'a, T> {
    pub(super) rows: &'a [T],
    pub(super) sum: &'a mut [T],
}

impl<T: Lanes> WithSimd for RowSum<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.sum.fill(T::ZERO);
        for row in self.rows.chunks_exact(self.sum.len()) {
            Map { formula: Axpy(T::ONE), read: [row], written: [self.sum] }.with_simd(simd);
        }
    }
}
