//! Sums of many terms: blocks of few are summed in the scalar type, and these sums in `f64`, so that rounding errors stay
//! small however many terms there are.

use core::ops::{Add, Sub};

use bytemuck::Pod;
use pulp::Simd;

use crate::simd::Lanes;

/// The terms that are added one after the other in the scalar type: adding up so many loses no more than a unit in the last
/// place and a half, even where all are alike.
pub(crate) const BLOCK: usize = 32;

/// The terms that are summed side by side: each sum waits for the one before.
const RUNS: usize = 8;

/// The sum of the terms of all pairs.
#[inline(always)]
pub(crate) fn total_of_pairs<T: Lanes>(left: &[T], right: &[T], term: impl Fn(T, T) -> T) -> f64 {
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<RUNS>(), right.as_chunks::<RUNS>());
    let rest = left_rest.iter().zip(right_rest).fold(T::ZERO, |sum, (&left, &right)| sum + term(left, right));
    if left.is_empty() {
        return rest.to_f64();
    }
    let mut totals = [0.0; RUNS];
    for (left, right) in left.chunks(BLOCK).zip(right.chunks(BLOCK)) {
        let mut runs = [T::ZERO; RUNS];
        for (left, right) in left.iter().zip(right) {
            for index in 0..RUNS {
                runs[index] += term(left[index], right[index]);
            }
        }
        for (total, run) in totals.iter_mut().zip(runs) {
            *total += run.to_f64();
        }
    }
    totals.into_iter().fold(rest.to_f64(), |sum, total| sum + total)
}

/// The sum of the terms of all scalars.
#[inline(always)]
pub(crate) fn total<T: Lanes>(scalars: &[T], term: impl Fn(T) -> T) -> f64 {
    total_of_pairs(scalars, scalars, |x, _| term(x))
}

/// Many parts added up place by place, with what rounding leaves out of the sums.
pub(crate) struct PlaceTotals<'a, T> {
    totals: &'a mut [T],
    lost: &'a mut [T],
}

impl<'a, T: Pod + Add<Output = T> + Sub<Output = T>> PlaceTotals<'a, T> {
    /// Nothing yet, in `room` for two scalars a place.
    pub(crate) fn new(room: &'a mut [T]) -> Self {
        room.fill(T::zeroed());
        let (totals, lost) = room.split_at_mut(room.len() / 2);
        Self { totals, lost }
    }

    /// Adds a part, and leaves zeros in its place.
    #[inline(always)]
    pub(crate) fn take(&mut self, part: &mut [T]) {
        for ((total, lost), part) in self.totals.iter_mut().zip(&mut *self.lost).zip(part) {
            (*total, *lost) = sum_and_rest(*total, *part + *lost);
            *part = T::zeroed();
        }
    }

    /// Writes the sums.
    #[inline(always)]
    pub(crate) fn write(self, sums: &mut [T]) {
        for ((sum, &total), &lost) in sums.iter_mut().zip(&*self.totals).zip(&*self.lost) {
            *sum = total + lost;
        }
    }
}

/// The sum of two scalars, and what rounding leaves out of it (Knuth, *The Art of Computer Programming*, volume 2, 1969,
/// section 4.2.2).
#[inline(always)]
pub fn sum_and_rest<T: Copy + Add<Output = T> + Sub<Output = T>>(a: T, b: T) -> (T, T) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// [`sum_and_rest`], of vectors.
#[inline(always)]
pub(crate) fn vector_sum_and_rest<T: Lanes, S: Simd>(
    simd: S,
    a: T::Lanes<S>,
    b: T::Lanes<S>,
) -> (T::Lanes<S>, T::Lanes<S>) {
    let sum = T::plus(simd, a, b);
    let of_b = T::minus(simd, sum, a);
    let rest_of_a = T::minus(simd, a, T::minus(simd, sum, of_b));
    (sum, T::plus(simd, rest_of_a, T::minus(simd, b, of_b)))
}
