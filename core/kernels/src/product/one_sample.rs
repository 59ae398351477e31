//! The forward product of an affine layer for one sample, summed as [`Dots`](super::dots::Dots) does.
//!
//! No weight is read twice, so that there is nothing to block for a cache; and what `Dots` prepares before its first tile
//! takes longer than the products of a small layer (1 x 64 x 16, Zen 4: 38 instead of 52 ns).

use pulp::{Simd, WithSimd};

use super::dots::{few_inputs, is_wide, products, rows, store_sums};
use crate::Epilogue;
use crate::simd::Lanes;
use crate::work::Split;

/// `output = epilogue(weightᵀ · input + bias)`.
pub(crate) struct OneSample<'a, T> {
    pub(crate) input: &'a [T],
    pub(crate) weight: &'a [T],
    pub(crate) bias: &'a [T],
    pub(crate) epilogue: Option<Epilogue<'a, T>>,
    pub(crate) output: &'a mut [T],
}

impl<T: Lanes> WithSimd for OneSample<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        if self.input.len() < T::count::<S>() {
            few_inputs(self.input, self.weight, self.bias, self.output, self.input.len());
        } else {
            let mut output = 0;
            while output < self.bias.len() {
                output += match self.bias.len() - output {
                    TOGETHER.. => self.outputs::<S, TOGETHER>(simd, output),
                    4.. => self.outputs::<S, 4>(simd, output),
                    2.. => self.outputs::<S, 2>(simd, output),
                    _ => self.outputs::<S, 1>(simd, output),
                };
            }
        }
        if let Some(epilogue) = self.epilogue {
            epilogue(self.output);
        }
    }
}

impl<T: Lanes> OneSample<'_, T> {
    /// `N` outputs; says `N`.
    #[inline(always)]
    fn outputs<S: Simd, const N: usize>(&mut self, simd: S, output: usize) -> usize {
        let inputs = self.input.len();
        let weight = rows::<T, S, N>(&self.weight[output * inputs..], inputs);
        let [sums] = products(simd, rows::<T, S, 1>(self.input, inputs), weight);
        store_sums::<T, S, N>(simd, sums, &self.bias[output..][..N], &mut self.output[output..][..N]);
        N
    }
}

/// The outputs that are not divided between threads: tiles begin at a multiple of it, and so are the same for any number.
const TOGETHER: usize = 8;

/// In [`TOGETHER`] outputs.
impl<T: Lanes> Split for OneSample<'_, T> {
    const WIDE: bool = true;

    fn is_wide(&self) -> bool {
        is_wide::<T>(self.input.len())
    }

    fn cost(&self) -> usize {
        self.weight.len()
    }

    fn parts(&self) -> usize {
        self.output.len().div_ceil(TOGETHER)
    }

    fn split(self, parts: usize) -> (Self, Self) {
        let outputs = self.output.len().min(parts * TOGETHER);
        let (weight, other_weight) = self.weight.split_at(outputs * self.input.len());
        let (bias, other_bias) = self.bias.split_at(outputs);
        let (output, other_output) = self.output.split_at_mut(outputs);
        let rest = Self { weight: other_weight, bias: other_bias, output: other_output, ..self };
        (Self { weight, bias, output, ..self }, rest)
    }
}
