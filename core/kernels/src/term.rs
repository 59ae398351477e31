//! Terms: numbers at each place of slices that lie side by side, which are added up.

use pulp::{Simd, WithSimd};

use crate::formula::load;
use crate::simd::{LANES, Real, Vector};
use crate::total::BLOCK;
use crate::work::Dispatch as _;

/// A number at each place of `R` slices, which are added up.
///
/// [`term`](Self::term) is written once, and compiled as a [`Formula`](crate::Formula) is.
pub trait Term<const R: usize>: Copy {
    /// The number at one place.
    fn term<S: Simd, T: Real>(&self, read: [Vector<S, T>; R]) -> Vector<S, T>;

    /// The sum over all places of slices of `f32`, which have one length.
    fn sum_f32(self, read: [&[f32]; R]) -> f64;

    /// The sum over all places of slices of `f64`, which have one length.
    fn sum_f64(self, read: [&[f64]; R]) -> f64;

    /// What [`sum_f32`](Self::sum_f32) and [`sum_f64`](Self::sum_f64) consist of.
    #[doc(hidden)]
    #[inline(always)]
    fn sum<T: Real>(self, read: [&[T]; R]) -> f64 {
        Total { term: self, read }.narrow()
    }
}
/// `Σ term` over the places of slices of one length.
pub(crate) struct Total<'a, F, T, const R: usize> {
    pub(crate) term: F,
    pub(crate) read: [&'a [T]; R],
}

impl<T: Real, F: Term<R>, const R: usize> WithSimd for Total<'_, F, T, R> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let len = self.read[0].len();
        assert!(self.read.iter().all(|slice| slice.len() == len));
        let whole = len / T::count::<S>();
        let zero = Vector::<S, T>::new(simd, T::splat(simd, T::ZERO));
        let (mut x, mut sum, mut total) = ([zero; R], zero, 0.0);
        for index in 0..len.div_ceil(T::count::<S>()) {
            unroll!(r < R, { x[r] = Vector::new(simd, load(simd, self.read[r], index, whole)) });
            let term = self.term.term(x);
            sum = sum + if index < whole { term } else { first(simd, term, len % T::count::<S>()) };
            if index % BLOCK == BLOCK - 1 {
                total += T::sum(simd, sum.lanes()).into();
                sum = zero;
            }
        }
        total + T::sum(simd, sum.lanes()).into()
    }
}

/// The first `count` lanes, then zeros.
#[inline(always)]
fn first<T: Real, S: Simd>(simd: S, vector: Vector<S, T>, count: usize) -> Vector<S, T> {
    let mut lanes = [T::ZERO; LANES];
    T::store(simd, &mut lanes[..count], vector.lanes());
    Vector::new(simd, T::load(simd, &lanes[..count]))
}
