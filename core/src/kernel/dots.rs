//! Dot products: the forward product of an affine layer.
//!
//! Both factors of every product lie contiguous along the inputs, so nothing is packed or transposed. A tile of 6 samples
//! by 4 outputs (by 2 where there are 16 registers) keeps its sums in registers, a vector each, along all inputs:
//! 10 loads for 24 multiply-adds. The lanes are summed at the end, where the bias is added.
//! An output is the same to the bit in whatever tile, hence batch, its sample lies.

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
    #[inline(always)]
    fn all_samples<S: Simd>(&mut self, simd: S, start: usize, end: usize) {
        let samples = self.input.len() / self.inputs;
        let mut sample = 0;
        while sample < samples {
            sample += match samples - sample {
                6.. => self.row::<S, 6>(simd, sample, start, end),
                4.. => self.row::<S, 4>(simd, sample, start, end),
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
                4.. if const { 4 * M + 8 <= S::REGISTER_COUNT } => self.tile::<S, M, 4>(simd, sample, output),
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
        let (mut x_whole, mut x_part) = ([&[][..]; M], [&[][..]; M]);
        let (mut w_whole, mut w_part) = ([&[][..]; N], [&[][..]; N]);
        unroll!(m < M, {
            let (whole, part) = T::split::<S>(&self.input[(sample + m) * inputs..][..inputs]);
            (x_whole[m], x_part[m]) = (&whole[..steps], part);
        });
        unroll!(n < N, {
            let (whole, part) = T::split::<S>(&self.weight[(output + n) * inputs..][..inputs]);
            (w_whole[n], w_part[n]) = (&whole[..steps], part);
        });

        let (mut x, mut w, mut sums) = ([zero; M], [zero; N], [[zero; N]; M]);
        for step in 0..steps {
            unroll!(m < M, { x[m] = x_whole[m][step] });
            unroll!(n < N, { w[n] = w_whole[n][step] });
            accumulate::<T, S, M, N>(simd, &mut sums, x, w);
        }
        if inputs % T::count::<S>() > 0 {
            unroll!(m < M, { x[m] = T::load(simd, x_part[m]) });
            unroll!(n < N, { w[n] = T::load(simd, w_part[n]) });
            accumulate::<T, S, M, N>(simd, &mut sums, x, w);
        }
        let bias = &self.bias[output..][..N];
        unroll!(m < M, {
            let results = &mut self.output[(sample + m) * outputs + output..][..N];
            unroll!(n < N, {
                results[n] = T::sum(simd, sums[m][n]) + bias[n];
            });
        });
        N
    }
}

#[inline(always)]
fn accumulate<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    sums: &mut [[T::Vector<S>; N]; M],
    x: [T::Vector<S>; M],
    w: [T::Vector<S>; N],
) {
    unroll!(m < M, {
        unroll!(n < N, {
            sums[m][n] = T::mul_add(simd, x[m], w[n], sums[m][n]);
        });
    });
}
