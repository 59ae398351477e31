use constgrad_kernels::product::{Dots, OuterSums, WeightedSums};
use constgrad_kernels::softmax::{AttentionWeights, SoftmaxRowsGradient};

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Rank1, Rank2, Scalar};

/// Scaled dot-product attention: for each query the mean of the values, weighted by `softmax(query · keys / √D)`.
///
/// Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1. Where it is `CAUSAL`, a query sees the key of its own
/// position and those before it.
///
/// # Shapes
/// - input `[N]`: queries `[L, D]`, keys `[M, D]` and values `[M, E]`, one after the other; output `[L, E]`
///
/// # Gradients
/// - those of its products and of softmax; checked, as all are
#[derive(Clone, Copy, Debug, Default)]
pub struct Attention<const N: usize, const L: usize, const M: usize, const D: usize, const E: usize, const CAUSAL: bool>;

impl<const N: usize, const L: usize, const M: usize, const D: usize, const E: usize, const CAUSAL: bool>
    Attention<N, L, M, D, E, CAUSAL>
{
    /// The function.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }

    /// The scalars of queries, of keys and of values.
    const PARTS: [usize; 3] = {
        assert!(N == L * D + M * D + M * E, "an input is queries, keys and values");
        assert!(!CAUSAL || L == M, "each query has a position among the keys");
        [L * D, M * D, M * E]
    };

    /// Queries, keys and values of a sample.
    fn parts<T>(sample: &[T]) -> [&[T]; 3] {
        let (queries, rest) = sample.split_at(Self::PARTS[0]);
        let (keys, values) = rest.split_at(Self::PARTS[1]);
        [queries, keys, values]
    }
}

fn scale<T: Scalar>(scores: &mut [T], width: usize) {
    let scale = T::nearest(1.0 / libm::sqrt(width as f64));
    for score in scores {
        *score *= scale;
    }
}

impl<T: Scalar, const N: usize, const L: usize, const M: usize, const D: usize, const E: usize, const CAUSAL: bool>
    Layer<T> for Attention<N, L, M, D, E, CAUSAL>
{
    type Input = Rank1<N>;
    type Output = Rank2<L, E>;

    /// The weights.
    const CACHE: usize = L * M;
    /// The gradients of weights and scores, and room for a product.
    const SCRATCH: usize = 3 * L * M;
    const MULTIPLY_ADDS: usize = L * M * (D + E);

    fn forward(&self, input: Batch<'_, T, Rank1<N>>, mut output: BatchMut<'_, T, Rank2<L, E>>, cache: &mut [T]) {
        for (sample, scores) in input.into_iter().zip(cache.chunks_exact_mut(L * M)) {
            let [queries, keys, _] = Self::parts(sample);
            Dots { input: queries, weight: keys, bias: &[], epilogue: None, output: scores, inputs: D }.run();
            scale(scores, D);
        }
        AttentionWeights { scores: cache, len: M, is_causal: CAUSAL }.run();
        for ((sample, weights), output) in input.into_iter().zip(cache.chunks_exact(L * M)).zip(&mut output) {
            let [_, _, values] = Self::parts(sample);
            WeightedSums { rows: values, coefficients: weights, sums: output, width: E }.run();
        }
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<N>, Rank2<L, E>>,
        d_output: Batch<'_, T, Rank2<L, E>>,
        d_input: Option<BatchMut<'_, T, Rank1<N>>>,
        _: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        let of_samples = forward.input.into_iter().zip(forward.cache.chunks_exact(L * M)).zip(d_output);
        for (((sample, weights), d_output), d_sample) in of_samples.zip(&mut d_input) {
            let [queries, keys, values] = Self::parts(sample);
            let (d_queries, rest) = d_sample.split_at_mut(Self::PARTS[0]);
            let (d_keys, d_values) = rest.split_at_mut(Self::PARTS[1]);
            let (d_weights, rest) = scratch.split_at_mut(L * M);
            let (d_scores, rest) = rest.split_at_mut(L * M);
            let room = &mut rest[..L * M];
            OuterSums { rows: d_output, coefficients: weights, sums: d_values, width: E, scratch: room }.run();
            Dots { input: d_output, weight: values, bias: &[], epilogue: None, output: d_weights, inputs: E }.run();
            SoftmaxRowsGradient { output: weights, d_output: d_weights, len: M, d_scores }.run();
            scale(d_scores, D);
            OuterSums { rows: queries, coefficients: d_scores, sums: d_keys, width: D, scratch: room }.run();
            WeightedSums { rows: keys, coefficients: d_scores, sums: d_queries, width: D }.run();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Attention;
    use crate::testing::{assert_close, check_layer, output, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&Attention::<{ 8 + 20 + 15 }, 2, 5, 4, 3, false>::new(), &random(3 * 43, 1));
        check_layer(&Attention::<{ 12 + 12 + 6 }, 3, 3, 4, 2, true>::new(), &random(2 * 30, 2));
        assert!(output(&Attention::<30, 3, 3, 4, 2, true>::new(), &[] as &[f64]).is_empty());
    }

    #[test]
    fn equal_keys_weigh_the_same() {
        let queries = random(3 * 4, 1);
        let input = [&queries[..], &[0.5; 12], &[1.0, 10.0, 2.0, 20.0, 6.0, 60.0]].concat();
        assert_close(&output(&Attention::<30, 3, 3, 4, 2, false>::new(), &input), &[[3.0, 30.0]; 3].concat());
        let causal = [[1.0, 10.0], [1.5, 15.0], [3.0, 30.0]].concat();
        assert_close(&output(&Attention::<30, 3, 3, 4, 2, true>::new(), &input), &causal);
    }
}
