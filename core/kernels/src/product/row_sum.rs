use pulp::{Simd, WithSimd};

use super::sums::SHORT;
use crate::simd::Lanes;
use crate::total::{BLOCK, vector_sum_and_rest};

/// `sum = Σ rows`, such as the gradient of a bias, where a row is a sample.
///
/// As many rows as end at the end of a vector are taken together, as one long row, so that narrow rows need no masks. Many
/// are summed in blocks, and with the sum of the blocks goes what rounding leaves out of it.
#[derive(Debug)]
pub struct RowSum<'a, T> {
    /// As long as `sum`, each.
    pub rows: &'a [T],
    /// What they add up to.
    pub sum: &'a mut [T],
}

impl<T: Lanes> WithSimd for RowSum<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { rows, sum } = self;
        let lanes = T::count::<S>();
        let long = sum.len() << lanes.trailing_zeros().saturating_sub(sum.len().trailing_zeros());
        let (long_rows, rest) = rows.split_at(rows.len() / long * long);

        sum.fill(T::ZERO);
        let mut column = 0;
        while column < long {
            column += lanes
                * match (long - column) / lanes {
                    8.. => add::<T, S, 8>(simd, long_rows, long, column, sum),
                    4.. => add::<T, S, 4>(simd, long_rows, long, column, sum),
                    _ => add::<T, S, 1>(simd, long_rows, long, column, sum),
                };
        }
        for row in rest.chunks_exact(sum.len()) {
            for (sum, &scalar) in sum.iter_mut().zip(row) {
                *sum += scalar;
            }
        }
    }
}

/// Sums `V` vectors of the `rows` from `column` on, and adds their lanes to `sum`, in turn; says `V`.
#[inline(always)]
fn add<T: Lanes, S: Simd, const V: usize>(simd: S, rows: &[T], width: usize, column: usize, sum: &mut [T]) -> usize {
    // Apart, as what long sums keep besides takes the registers of the sums.
    let sums = if rows.len() > SHORT * width {
        long_sums::<T, S, V>(simd, rows, width, column)
    } else {
        sums::<T, S, V>(simd, rows, width, column)
    };
    let mut place = column % sum.len();
    for &lane in bytemuck::cast_slice::<_, T>(&sums) {
        sum[place] += lane;
        place = if place + 1 == sum.len() { 0 } else { place + 1 };
    }
    V
}

/// The sums of `V` vectors of the rows, one row after the other.
#[inline(always)]
fn sums<T: Lanes, S: Simd, const V: usize>(simd: S, rows: &[T], width: usize, column: usize) -> [T::Lanes<S>; V] {
    let mut sums = [T::splat(simd, T::ZERO); V];
    for row in rows.chunks_exact(width) {
        let row: &[_; V] = T::split::<S>(&row[column..]).0.first_chunk().expect("as many as there are");
        unroll!(v < V, { sums[v] = T::plus(simd, sums[v], row[v]) });
    }
    sums
}

/// The same of many rows, in blocks.
#[inline(always)]
fn long_sums<T: Lanes, S: Simd, const V: usize>(simd: S, rows: &[T], width: usize, column: usize) -> [T::Lanes<S>; V] {
    let zeros = [T::splat(simd, T::ZERO); V];
    let (mut totals, mut lost) = (zeros, zeros);
    for rows in rows.chunks(BLOCK * width) {
        let sums = sums::<T, S, V>(simd, rows, width, column);
        unroll!(v < V, {
            (totals[v], lost[v]) = vector_sum_and_rest::<T, S>(simd, totals[v], T::plus(simd, sums[v], lost[v]));
        });
    }
    unroll!(v < V, { totals[v] = T::plus(simd, totals[v], lost[v]) });
    totals
}
