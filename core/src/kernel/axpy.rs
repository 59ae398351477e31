use pulp::Simd;

use super::lanes::Lanes;
use super::map::Formula;
use super::vector::Vector;

/// `y += a · x`: for gradients that several uses send.
#[derive(Clone, Copy)]
pub(super) struct Axpy<T>(pub(super) T);

impl<T: Lanes> Formula<T, 1, 1> for Axpy<T> {
    #[inline(always)]
    fn apply<S: Simd>(&self, [x]: [Vector<S, T>; 1], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [x.mul_add(x.splat(self.0), y)]
    }
}
