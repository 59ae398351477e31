use pulp::{Simd, WithSimd};

use super::lanes::{LANES, Lanes};
use super::map::{Formula, load};
use super::vector::Vector;

/// `Σ term` over the places of slices of one length.
pub(super) struct Total<'a, F, T, const R: usize> {
    pub(super) term: F,
    pub(super) read: [&'a [T]; R],
}

/// The vectors that are summed before the sum is added to the total, in `f64`: so rounding errors of many scalars stay
/// small.
const BLOCK: usize = 32;

impl<T: Lanes, F: Formula<T, R, 1>, const R: usize> WithSimd for Total<'_, F, T, R> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let len = self.read[0].len();
        assert!(self.read.iter().all(|slice| slice.len() == len));
        let whole = len / T::count::<S>();
        let zero = Vector::new(simd, T::splat(simd, T::ZERO));
        let (mut x, mut sum, mut total) = ([zero; R], zero, 0.0);
        for index in 0..len.div_ceil(T::count::<S>()) {
            unroll!(r < R, { x[r] = Vector::new(simd, load(simd, self.read[r], index, whole)) });
            let [term] = self.term.apply(x, [zero]);
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
fn first<T: Lanes, S: Simd>(simd: S, vector: Vector<S, T>, count: usize) -> Vector<S, T> {
    let mut lanes = [T::ZERO; LANES];
    T::store(simd, &mut lanes[..count], vector.lanes());
    Vector::new(simd, T::load(simd, &lanes[..count]))
}
