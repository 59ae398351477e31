//! The forward product of an affine layer for one sample, summed as [`Dots`](super::dots::Dots) does.
//!
//! No weight is read twice, so that there is nothing to block for a cache; and what `Dots` prepares before its first tile
//! takes longer than the products of a small layer (1 x 64 x 16, Zen 4: 38 instead of 52 ns).

use pulp::{Simd, WithSimd};

use super::dots::{Dots, biases, few_inputs, is_wide, products, rows, store_sums};
use crate::simd::Lanes;
use crate::work::Split;

/// The products of one sample.
pub(crate) struct OneSample<'a, T>(pub(crate) Dots<'a, T>);

impl<T: Lanes> WithSimd for OneSample<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        if self.0.input.len() < T::count::<S>() {
            few_inputs(self.0.input, self.0.weight, self.0.bias, self.0.output, self.0.input.len());
        } else {
            let mut output = 0;
            while output < self.0.output.len() {
                output += match self.0.output.len() - output {
                    TOGETHER.. => self.outputs::<S, TOGETHER>(simd, output),
                    4.. => self.outputs::<S, 4>(simd, output),
                    2.. => self.outputs::<S, 2>(simd, output),
                    _ => self.outputs::<S, 1>(simd, output),
                };
            }
        }
        if let Some(epilogue) = self.0.epilogue {
            epilogue(self.0.output);
        }
    }
}

impl<T: Lanes> OneSample<'_, T> {
    /// `N` outputs; says `N`.
    #[inline(always)]
    fn outputs<S: Simd, const N: usize>(&mut self, simd: S, output: usize) -> usize {
        let inputs = self.0.input.len();
        let weight = rows::<T, S, N>(&self.0.weight[output * inputs..], inputs);
        let [sums] = products(simd, rows::<T, S, 1>(self.0.input, inputs), weight);
        let bias = biases::<T, N>(self.0.bias, output);
        store_sums::<T, S, N>(simd, sums, &bias, &mut self.0.output[output..][..N]);
        N
    }
}

/// The outputs that are not divided between threads: tiles begin at a multiple of it, and so are the same for any number.
const TOGETHER: usize = 8;

/// In [`TOGETHER`] outputs.
impl<T: Lanes> Split for OneSample<'_, T> {
    const WIDE: bool = true;

    fn is_wide(&self) -> bool {
        is_wide::<T>(self.0.input.len())
    }

    fn cost(&self) -> usize {
        self.0.weight.len()
    }

    fn parts(&self) -> usize {
        self.0.output.len().div_ceil(TOGETHER)
    }

    fn split(self, parts: usize) -> (Self, Self) {
        let Self(all) = self;
        let outputs = all.output.len().min(parts * TOGETHER);
        let (weight, other_weight) = all.weight.split_at(outputs * all.input.len());
        let (bias, other_bias) = all.bias.split_at(outputs.min(all.bias.len()));
        let (output, other_output) = all.output.split_at_mut(outputs);
        let rest = Dots { weight: other_weight, bias: other_bias, output: other_output, ..all };
        (Self(Dots { weight, bias, output, ..all }), Self(rest))
    }
}
