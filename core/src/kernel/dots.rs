//! Dot products: the forward product of an affine layer.
//!
//! Both factors of every product lie contiguous along the inputs, so nothing is packed or transposed. A tile of 6 samples
//! by 4 outputs (of 3 by 4 where there are only 16 registers) keeps its sums in registers, a vector each, along all
//! inputs: 10 loads for 24 multiply-adds. The lanes are summed at the end, where the bias is added.
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
    pub(super) inputs: usize,
    pub(super) outputs: usize,
}

/// The weights that all samples meet before the next come: they stay in the second cache, with room for the samples.
const CACHE: usize = 256 << 10;

impl<T: Lanes> WithSimd for Dots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let outputs = self.outputs;
        let step = (CACHE / size_of::<T>() / self.inputs).next_multiple_of(4).max(4);
        for start in (0..outputs).step_by(step) {
            self.all_samples(simd, start, outputs.min(start + step));
        }
    }
}

impl<T: Lanes> Dots<'_, T> {
    /// The outputs from `start` to `end` of all samples.
    #[inline(always)]
    fn all_samples<S: Simd>(&mut self, simd: S, start: usize, end: usize) {
        let samples = self.input.len() / self.inputs;
        let mut sample = 0;
        while sample < samples {
            sample += match samples - sample {
                6.. if const { S::REGISTER_COUNT >= 32 } => self.row::<S, 6>(simd, sample, start, end),
                4.. if const { S::REGISTER_COUNT >= 32 } => self.row::<S, 4>(simd, sample, start, end),
                3.. => self.row::<S, 3>(simd, sample, start, end),
                2.. => self.row::<S, 2>(simd, sample, start, end),
                _ => self.row::<S, 1>(simd, sample, start, end),
            }
        }
    }

    /// The outputs from `start` to `end` of `M` samples; says `M`.
    #[inline(always)]
    fn row<S: Simd, const M: usize>(&mut self, simd: S, sample: usize, start: usize, end: usize) -> usize {
        let mut output = start;
        while output < end {
            output += match end - output {
                4.. => self.tile::<S, M, 4>(simd, sample, output),
                2.. => self.tile::<S, M, 2>(simd, sample, output),
                _ => self.tile::<S, M, 1>(simd, sample, output),
            }
        }
        M
    }

    /// `N` outputs of `M` samples; says `N`.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, sample: usize, output: usize) -> usize {
        let (inputs, outputs) = (self.inputs, self.outputs);
        let steps = inputs / T::count::<S>();
        let zero = T::splat(simd, T::ZERO);
        let (mut x_rows, mut w_rows) = ([&[][..]; M], [&[][..]; N]);
        unroll!(m < M, { x_rows[m] = &self.input[(sample + m) * inputs..][..inputs] });
        unroll!(n < N, { w_rows[n] = &self.weight[(output + n) * inputs..][..inputs] });

        let (mut x, mut w, mut sums) = ([zero; M], [zero; N], [[zero; N]; M]);
        for step in 0..steps {
            unroll!(m < M, { x[m] = T::split::<S>(x_rows[m]).0[step] });
            unroll!(n < N, { w[n] = T::split::<S>(w_rows[n]).0[step] });
            accumulate::<T, S, M, N>(simd, &mut sums, x, w);
        }
        if inputs % T::count::<S>() > 0 {
            unroll!(m < M, { x[m] = T::load(simd, T::split::<S>(x_rows[m]).1) });
            unroll!(n < N, { w[n] = T::load(simd, T::split::<S>(w_rows[n]).1) });
            accumulate::<T, S, M, N>(simd, &mut sums, x, w);
        }
        let bias = &self.bias[output..][..N];
        unroll!(m < M, {
            let results = &mut self.output[(sample + m) * outputs + output..][..N];
            let products = lane_sums::<T, S, N>(simd, sums[m]);
            unroll!(n < N, {
                results[n] = products[n] + bias[n];
            });
        });
        N
    }
}

/// One step along the inputs. Each weight meets all samples before the next is loaded: 12 sums, 3 samples and a weight are
/// 16 registers, one sum is spilled the other way round (AVX2: 133 instead of 70 GFLOP/s).
#[inline(always)]
fn accumulate<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    sums: &mut [[T::Lanes<S>; N]; M],
    x: [T::Lanes<S>; M],
    w: [T::Lanes<S>; N],
) {
    unroll!(n < N, {
        unroll!(m < M, {
            sums[m][n] = T::mul_add(simd, x[m], w[n], sums[m][n]);
        });
    });
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
