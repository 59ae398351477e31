//! Dot products: the forward product of an affine layer.
//!
//! Both factors of every product lie contiguous along the inputs, so nothing is packed or transposed. A tile of 3 samples
//! by 4 outputs (of 6 by 4 where there are 32 registers) keeps its sums in registers, a vector each, along all inputs: 7
//! loads for 12 multiply-adds. The lanes are summed at the end, where the bias is added. The weights of a tile stay in the
//! first cache while a block of samples passes, which stays in the second; an activation follows while the block is there.
//!
//! How an output is summed depends on its index alone, not on the tile: it is the same to the bit in any batch.

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;

/// `output = weightᵀ · input + bias`, each sample.
pub(super) struct Dots<'a, T> {
    pub(super) input: &'a [T],
    pub(super) weight: &'a [T],
    pub(super) bias: &'a [T],
    pub(super) output: &'a mut [T],
}

/// The samples that pass together: they stay in the second cache, with room for weights and outputs.
const CACHE: usize = 192 << 10;

impl<T: Lanes> WithSimd for Dots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { input, weight, bias, output } = self;
        let outputs = bias.len();
        let inputs = weight.len() / outputs;
        let samples = (CACHE / size_of::<T>() / inputs).next_multiple_of(6).max(6);
        for (input, output) in input.chunks(samples * inputs).zip(output.chunks_mut(samples * outputs)) {
            let mut block = Block { input, output, inputs, outputs };
            block.compute(simd, weight, bias);
        }
    }
}

/// Samples that pass together.
struct Block<'a, T> {
    input: &'a [T],
    output: &'a mut [T],
    inputs: usize,
    outputs: usize,
}

impl<T: Lanes> Block<'_, T> {
    #[inline(always)]
    fn compute<S: Simd>(&mut self, simd: S, weight: &[T], bias: &[T]) {
        let mut output = 0;
        while output < self.outputs {
            let (weight, bias) = (&weight[output * self.inputs..], &bias[output..]);
            output += match bias.len() {
                4.. => self.all_samples::<S, 4>(simd, output, weight, bias),
                2.. => self.all_samples::<S, 2>(simd, output, weight, bias),
                _ => self.all_samples::<S, 1>(simd, output, weight, bias),
            };
        }
    }

    /// `N` outputs of all samples; says `N`.
    #[inline(always)]
    fn all_samples<S: Simd, const N: usize>(&mut self, simd: S, output: usize, weight: &[T], bias: &[T]) -> usize {
        let weight = rows::<T, S, N>(weight, self.inputs);
        let samples = self.input.len() / self.inputs;
        let mut sample = 0;
        while sample < samples {
            sample += match samples - sample {
                6.. if const { N < 4 || S::REGISTER_COUNT >= 32 } => {
                    self.tile::<S, 6, N>(simd, sample, output, weight, bias)
                }
                3.. => self.tile::<S, 3, N>(simd, sample, output, weight, bias),
                2.. => self.tile::<S, 2, N>(simd, sample, output, weight, bias),
                _ => self.tile::<S, 1, N>(simd, sample, output, weight, bias),
            };
        }
        N
    }

    /// `N` outputs of `M` samples; says `M`.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(
        &mut self,
        simd: S,
        sample: usize,
        output: usize,
        weight: [Row<'_, T, S>; N],
        bias: &[T],
    ) -> usize {
        let input = rows::<T, S, M>(&self.input[sample * self.inputs..], self.inputs);
        let zero = T::splat(simd, T::ZERO);
        let (mut x, mut w, mut sums) = ([zero; M], [zero; N], [[zero; N]; M]);
        for step in 0..self.inputs / T::count::<S>() {
            unroll!(m < M, { x[m] = input[m].0[step] });
            unroll!(n < N, { w[n] = weight[n].0[step] });
            accumulate::<T, S, M, N>(simd, &mut sums, x, w);
        }
        if !self.inputs.is_multiple_of(T::count::<S>()) {
            unroll!(m < M, { x[m] = T::load(simd, input[m].1) });
            unroll!(n < N, { w[n] = T::load(simd, weight[n].1) });
            accumulate::<T, S, M, N>(simd, &mut sums, x, w);
        }
        unroll!(m < M, {
            let results = &mut self.output[(sample + m) * self.outputs + output..][..N];
            let products = lane_sums::<T, S, N>(simd, sums[m]);
            unroll!(n < N, { results[n] = products[n] + bias[n] });
        });
        M
    }
}

/// The whole vectors of a row, and the scalars that are left.
type Row<'a, T, S> = (&'a [<T as Lanes>::Lanes<S>], &'a [T]);

/// The first `N` rows of `len` scalars.
#[inline(always)]
fn rows<T: Lanes, S: Simd, const N: usize>(scalars: &[T], len: usize) -> [Row<'_, T, S>; N] {
    let steps = len / T::count::<S>();
    let mut rows: [Row<'_, T, S>; N] = [(&[], &[]); N];
    unroll!(n < N, {
        let (whole, part) = T::split::<S>(&scalars[n * len..][..len]);
        // Says to the compiler that all rows have as many vectors.
        rows[n] = (&whole[..steps], part);
    });
    rows
}

/// One step along the inputs, in an order in which all sums, what there is less of, and one of the others are together in
/// registers: 12 sums, 3 samples and a weight are 16 (AVX2: 133 instead of 70 GFLOP/s).
#[inline(always)]
fn accumulate<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    sums: &mut [[T::Lanes<S>; N]; M],
    x: [T::Lanes<S>; M],
    w: [T::Lanes<S>; N],
) {
    if const { M < N } {
        unroll!(n < N, {
            unroll!(m < M, { sums[m][n] = T::mul_add(simd, x[m], w[n], sums[m][n]) });
        });
    } else {
        unroll!(m < M, {
            unroll!(n < N, { sums[m][n] = T::mul_add(simd, x[m], w[n], sums[m][n]) });
        });
    }
}

/// The sum of the lanes of each vector; four are summed together (100 x 48 x 10: 112 instead of
/// 91 GFLOP/s).
#[inline(always)]
fn lane_sums<T: Lanes, S: Simd, const N: usize>(simd: S, vectors: [T::Lanes<S>; N]) -> [T; N] {
    let mut sums = [T::ZERO; N];
    match vectors[..] {
        [a, b, c, d] if T::count::<S>() >= 4 => {
            let [a, b, c, d] = T::interleave(simd, [a, b, c, d]);
            let mut sum = T::plus(simd, T::plus(simd, a, b), T::plus(simd, c, d));
            let mut shift = T::count::<S>() / 2;
            while shift >= 4 {
                sum = T::plus(simd, sum, T::rotate(simd, sum, shift));
                shift /= 2;
            }
            sums.copy_from_slice(&bytemuck::cast_slice(&[sum])[..N]);
        }
        _ => {
            unroll!(n < N, { sums[n] = T::sum(simd, vectors[n]) });
        }
    }
    sums
}
