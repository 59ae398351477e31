//! Scaled sums of rows: both gradients of an affine layer.
//!
//! Rows and results lie contiguous along the inputs, so nothing is packed or transposed. A tile of 6 results by 4 vectors
//! (by 2 where there are only 16 registers) keeps its sums in registers over all rows: 4 loads and 6 broadcasts for 24
//! multiply-adds. Where the width is no multiple of a vector, the last vector overlaps the one before, so that no step is
//! masked; what lies in both is computed twice, alike. All results take the same columns before the next columns come, so
//! that these stay in the first cache.

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;

/// `results[r] = Σ coefficients[r · strides[0] + k · strides[1]] · rows[k]` over `k`; rows and results are `width` wide.
pub(super) struct Sums<'a, T> {
    coefficients: &'a [T],
    strides: [usize; 2],
    rows: &'a [T],
    results: &'a mut [T],
    width: usize,
}

impl<'a, T: Lanes> Sums<'a, T> {
    /// `d_weight = Σ input · d_outputᵀ`: a result an output, a row a sample.
    pub(super) fn d_weight(
        input: &'a [T],
        d_output: &'a [T],
        d_weight: &'a mut [T],
        inputs: usize,
        outputs: usize,
    ) -> Self {
        Self { coefficients: d_output, strides: [1, outputs], rows: input, results: d_weight, width: inputs }
    }

    /// `d_bias = Σ d_output`: one result, a row a sample.
    pub(super) fn d_bias(d_output: &'a [T], d_bias: &'a mut [T]) -> Self {
        let width = d_bias.len();
        Self { coefficients: T::ONE, strides: [0, 0], rows: d_output, results: d_bias, width }
    }

    /// `d_input = weight · d_output`: a result a sample, a row an output.
    pub(super) fn d_input(
        weight: &'a [T],
        d_output: &'a [T],
        d_input: &'a mut [T],
        inputs: usize,
        outputs: usize,
    ) -> Self {
        Self { coefficients: d_output, strides: [outputs, 1], rows: weight, results: d_input, width: inputs }
    }
}

impl<T: Lanes> WithSimd for Sums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let lanes = T::count::<S>();
        if self.width < lanes {
            self.all_results::<S, 1, true>(simd, 0);
            return;
        }
        let mut column = 0;
        while column < self.width {
            column += lanes
                * match (self.width - column).div_ceil(lanes) {
                    3.. if const { S::REGISTER_COUNT >= 32 } => self.all_results::<S, 4, false>(simd, column),
                    2.. => self.all_results::<S, 2, false>(simd, column),
                    _ => self.all_results::<S, 1, false>(simd, column),
                };
        }
    }
}

impl<T: Lanes> Sums<'_, T> {
    /// `V` vectors of all results, or `PART` of one; says `V`.
    #[inline(always)]
    fn all_results<S: Simd, const V: usize, const PART: bool>(&mut self, simd: S, column: usize) -> usize {
        let results = self.results.len() / self.width;
        let mut result = 0;
        while result < results {
            result += match results - result {
                6.. => self.tile::<S, 6, V, PART>(simd, result, column),
                4.. => self.tile::<S, 4, V, PART>(simd, result, column),
                2.. => self.tile::<S, 2, V, PART>(simd, result, column),
                _ => self.tile::<S, 1, V, PART>(simd, result, column),
            }
        }
        V
    }

    /// `V` vectors of `R` results, or `PART` of one; says `R`.
    #[inline(always)]
    fn tile<S: Simd, const R: usize, const V: usize, const PART: bool>(
        &mut self,
        simd: S,
        result: usize,
        column: usize,
    ) -> usize {
        let lanes = if PART { self.width } else { T::count::<S>() };
        let mut columns = [0; V];
        unroll!(v < V, { columns[v] = (column + v * lanes).min(self.width - lanes) });
        let zero = T::splat(simd, T::ZERO);
        let mut sums = [[zero; V]; R];
        for (k, row) in self.rows.chunks_exact(self.width).enumerate() {
            let mut x = [zero; V];
            unroll!(v < V, { x[v] = load::<T, S, PART>(simd, &row[columns[v]..][..lanes]) });
            unroll!(r < R, {
                let coefficient = self.coefficients[(result + r) * self.strides[0] + k * self.strides[1]];
                let coefficient = T::splat(simd, coefficient);
                unroll!(v < V, {
                    sums[r][v] = T::mul_add(simd, coefficient, x[v], sums[r][v]);
                });
            });
        }
        unroll!(r < R, {
            let row = &mut self.results[(result + r) * self.width..][..self.width];
            unroll!(v < V, {
                store::<T, S, PART>(simd, &mut row[columns[v]..][..lanes], sums[r][v]);
            });
        });
        R
    }
}

#[inline(always)]
fn load<T: Lanes, S: Simd, const PART: bool>(simd: S, scalars: &[T]) -> T::Lanes<S> {
    if PART { T::load(simd, scalars) } else { T::split::<S>(scalars).0[0] }
}

#[inline(always)]
fn store<T: Lanes, S: Simd, const PART: bool>(simd: S, scalars: &mut [T], vector: T::Lanes<S>) {
    if PART { T::store(simd, scalars, vector) } else { T::split_mut::<S>(scalars).0[0] = vector }
}
