use rand::Rng;

use constgrad_kernels::product::{Dots, OuterSums, RowSum, WeightedSums};
use constgrad_kernels::softmax::{AttentionWeights, SoftmaxRowsGradient};

use super::{Affine, Forward, Layer};
use crate::{Batch, BatchMut, Init, Layout, Parameters, Rank2, Scalar, Tensor, Trainable};

/// Multi-head self-attention: each head makes queries, keys and values of every position, and of each position the mean of
/// the values, weighted by `softmax(query · keys / √H)`, where `H` is the width of a head; an affine layer joins the heads.
///
/// Vaswani et al., "Attention Is All You Need", 2017, section 3.2. Where it is `CAUSAL`, a position sees itself and those before it.
///
/// # Shapes
/// - input and output `[L, D]`; `in_proj_weight` `[D, TRIPLE]` and `in_proj_bias` `[TRIPLE]` with `TRIPLE = 3 D`, queries first,
///   then keys, then values, each head after head; `out_proj` is an affine layer of `[D]`
///
/// # Gradients
/// - those of its products and of softmax; checked, as all are
#[derive(Clone, Debug, PartialEq)]
pub struct MultiHeadAttention<
    T: Scalar,
    const L: usize,
    const D: usize,
    const TRIPLE: usize,
    const HEADS: usize,
    const CAUSAL: bool,
> {
    /// What queries, keys and values are made with.
    pub in_proj_weight: Tensor<T, D, TRIPLE>,
    /// One bias for each of their scalars.
    pub in_proj_bias: Tensor<T, TRIPLE, 1>,
    /// What joins the heads.
    pub out_proj: Affine<T, D, D>,
}

impl<T: Scalar, const L: usize, const D: usize, const TRIPLE: usize, const HEADS: usize, const CAUSAL: bool>
    MultiHeadAttention<T, L, D, TRIPLE, HEADS, CAUSAL>
{
    /// The scalars of a position in a head.
    const WIDTH: usize = {
        assert!(TRIPLE == 3 * D, "there are queries, keys and values");
        assert!(D.is_multiple_of(HEADS), "heads divide the scalars of a position");
        D / HEADS
    };

    /// The scalars of a head in a sample.
    const HEAD: usize = L * Self::WIDTH;

    /// What is made of one part, 0 for queries, 1 for keys and 2 for values, of one head.
    fn project(&self, part: usize, head: usize) -> [&[T]; 2] {
        let first = part * D + head * Self::WIDTH;
        let weight = &self.in_proj_weight.as_slice()[first * D..][..Self::WIDTH * D];
        [weight, &self.in_proj_bias.as_slice()[first..][..Self::WIDTH]]
    }

    fn scale() -> T {
        T::nearest(1.0 / libm::sqrt(Self::WIDTH as f64))
    }
}

/// Copies `width` scalars, from `first` on, out of each row of `all` scalars.
fn part_of<T: Scalar>(joined: &[T], width: usize, all: usize, first: usize, part: &mut [T]) {
    for (part, joined) in part.chunks_exact_mut(width).zip(joined.chunks_exact(all)) {
        part.copy_from_slice(&joined[first..][..width]);
    }
}

/// Copies them back: the reverse of [`part_of`].
fn join<T: Scalar>(part: &[T], width: usize, all: usize, first: usize, joined: &mut [T]) {
    for (part, joined) in part.chunks_exact(width).zip(joined.chunks_exact_mut(all)) {
        joined[first..][..width].copy_from_slice(part);
    }
}

impl<T: Scalar, const L: usize, const D: usize, const TRIPLE: usize, const HEADS: usize, const CAUSAL: bool> Layer<T>
    for MultiHeadAttention<T, L, D, TRIPLE, HEADS, CAUSAL>
{
    type Input = Rank2<L, D>;
    type Output = Rank2<L, D>;

    /// For each head queries, keys and values, and the weights of each sample; then the joined heads.
    const CACHE: usize = 3 * L * D + HEADS * L * L + L * D;

    /// The gradients of the joined heads and of queries, keys and values; room for a product and for one head.
    const SCRATCH: usize = 4 * L * D + 3 * L * D + 2 * Self::HEAD + 3 * L * L;

    const MULTIPLY_ADDS: usize = 4 * L * D * D + 2 * L * L * D;

    fn forward(&self, input: Batch<'_, T, Rank2<L, D>>, mut output: BatchMut<'_, T, Rank2<L, D>>, cache: &mut [T]) {
        let samples = input.samples();
        if samples == 0 {
            return;
        }
        let (projections, rest) = cache.split_at_mut(3 * L * D * samples);
        let (weights, joined) = rest.split_at_mut(HEADS * L * L * samples);
        let part = Self::HEAD * samples;
        let of_heads = projections.chunks_exact_mut(3 * part).zip(weights.chunks_exact_mut(L * L * samples));
        for (head, (parts, weights)) in of_heads.enumerate() {
            for (index, part) in parts.chunks_exact_mut(part).enumerate() {
                let [weight, bias] = self.project(index, head);
                Dots { input: input.as_slice(), weight, bias, epilogue: None, output: part, inputs: D }.run();
            }
            let (queries, rest) = parts.split_at_mut(part);
            let (keys, values) = rest.split_at(part);
            for query in &mut *queries {
                *query *= Self::scale();
            }
            let of_samples = queries.chunks_exact(Self::HEAD).zip(keys.chunks_exact(Self::HEAD));
            for ((queries, keys), scores) in of_samples.zip(weights.chunks_exact_mut(L * L)) {
                Dots { input: queries, weight: keys, bias: &[], epilogue: None, output: scores, inputs: Self::WIDTH }
                    .run();
            }
            AttentionWeights { scores: weights, len: L, is_causal: CAUSAL }.run();
            // The output is not needed yet: it is room for one head.
            let room = &mut output.as_mut_slice()[..part];
            let of_samples = values.chunks_exact(Self::HEAD).zip(weights.chunks_exact(L * L));
            for ((values, weights), means) in of_samples.zip(room.chunks_exact_mut(Self::HEAD)) {
                WeightedSums { rows: values, coefficients: weights, sums: means, width: Self::WIDTH }.run();
            }
            join(room, Self::WIDTH, D, head * Self::WIDTH, joined);
        }
        let parameters = [self.out_proj.weight.as_slice(), self.out_proj.bias.as_slice()];
        let [weight, bias] = parameters;
        Dots { input: joined, weight, bias, epilogue: None, output: output.as_mut_slice(), inputs: D }.run();
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank2<L, D>, Rank2<L, D>>,
        d_output: Batch<'_, T, Rank2<L, D>>,
        d_input: Option<BatchMut<'_, T, Rank2<L, D>>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let (samples, d_output) = (d_output.samples(), d_output.as_slice());
        let (projections, rest) = forward.cache.split_at(3 * L * D * samples);
        let (weights, joined) = rest.split_at(HEADS * L * L * samples);
        let part = Self::HEAD * samples;
        let (d_joined, rest) = scratch.split_at_mut(L * D * samples);
        let (d_projections, rest) = rest.split_at_mut(3 * L * D * samples);
        let (product, rest) = rest.split_at_mut(3 * L * D * samples);

        let mut gradients = gradients;
        if let Some(Self { out_proj, .. }) = gradients.as_deref_mut() {
            let room = &mut product[..L * D * samples];
            OuterSums {
                rows: joined,
                coefficients: d_output,
                sums: out_proj.weight.as_mut_slice(),
                width: D,
                scratch: room,
            }
            .run();
            RowSum { rows: d_output, sum: out_proj.bias.as_mut_slice() }.run();
        }
        WeightedSums { rows: self.out_proj.weight.as_slice(), coefficients: d_output, sums: d_joined, width: D }.run();

        for head in 0..HEADS {
            let parts = &projections[head * 3 * part..][..3 * part];
            let weights = &weights[head * L * L * samples..][..L * L * samples];
            for sample in 0..samples {
                let (d_head, rest) = rest.split_at_mut(Self::HEAD);
                let (d_part, rest) = rest.split_at_mut(Self::HEAD);
                let (d_weights, rest) = rest.split_at_mut(L * L);
                let (d_scores, room) = rest.split_at_mut(L * L);
                let room = &mut room[..L * L];
                let [queries, keys, values] =
                    [0, 1, 2].map(|index| &parts[index * part + sample * Self::HEAD..][..Self::HEAD]);
                let weights = &weights[sample * L * L..][..L * L];
                let d_projections = &mut d_projections[sample * L * 3 * D..][..L * 3 * D];
                let first = head * Self::WIDTH;
                part_of(&d_joined[sample * L * D..][..L * D], Self::WIDTH, D, first, d_head);

                OuterSums { rows: d_head, coefficients: weights, sums: d_part, width: Self::WIDTH, scratch: room }
                    .run();
                join(d_part, Self::WIDTH, 3 * D, 2 * D + first, d_projections);
                Dots {
                    input: d_head,
                    weight: values,
                    bias: &[],
                    epilogue: None,
                    output: d_weights,
                    inputs: Self::WIDTH,
                }
                .run();
                SoftmaxRowsGradient { output: weights, d_output: d_weights, len: L, d_scores }.run();
                OuterSums { rows: queries, coefficients: d_scores, sums: d_part, width: Self::WIDTH, scratch: room }
                    .run();
                join(d_part, Self::WIDTH, 3 * D, D + first, d_projections);
                WeightedSums { rows: keys, coefficients: d_scores, sums: d_part, width: Self::WIDTH }.run();
                for d_query in &mut *d_part {
                    *d_query *= Self::scale();
                }
                join(d_part, Self::WIDTH, 3 * D, first, d_projections);
            }
        }
        if let Some(gradients) = gradients {
            let d_weight = gradients.in_proj_weight.as_mut_slice();
            OuterSums {
                rows: forward.input.as_slice(),
                coefficients: d_projections,
                sums: d_weight,
                width: D,
                scratch: product,
            }
            .run();
            RowSum { rows: d_projections, sum: gradients.in_proj_bias.as_mut_slice() }.run();
        }
        if let Some(mut d_input) = d_input {
            WeightedSums {
                rows: self.in_proj_weight.as_slice(),
                coefficients: d_projections,
                sums: d_input.as_mut_slice(),
                width: D,
            }
            .run();
        }
    }
}

impl<T: Scalar, const L: usize, const D: usize, const TRIPLE: usize, const HEADS: usize, const CAUSAL: bool> Parameters
    for MultiHeadAttention<T, L, D, TRIPLE, HEADS, CAUSAL>
{
    type Scalar = T;

    const LAYOUT: &'static Layout = &Layout::fields(&[
        ("in_proj_weight", &Layout::trained(&[TRIPLE, D])),
        ("in_proj_bias", &Layout::trained(&[TRIPLE])),
        ("out_proj", Affine::<T, D, D>::LAYOUT),
    ]);

    fn tensor(&self, index: usize) -> &[T] {
        match index {
            0 => self.in_proj_weight.as_slice(),
            1 => self.in_proj_bias.as_slice(),
            _ => self.out_proj.tensor(index - 2),
        }
    }
}

impl<T: Scalar, const L: usize, const D: usize, const TRIPLE: usize, const HEADS: usize, const CAUSAL: bool> Trainable
    for MultiHeadAttention<T, L, D, TRIPLE, HEADS, CAUSAL>
{
    fn zeros() -> Self {
        Self { in_proj_weight: Tensor::zeros(), in_proj_bias: Tensor::zeros(), out_proj: Affine::zeros() }
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        let mut attention = Self::zeros();
        init.fill(attention.in_proj_weight.as_mut_slice(), D, D, rng);
        attention.out_proj = Affine::init_with(init, rng);
        attention
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        match index {
            0 => self.in_proj_weight.as_mut_slice(),
            1 => self.in_proj_bias.as_mut_slice(),
            _ => self.out_proj.tensor_mut(index - 2),
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::MultiHeadAttention;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Layer, Trainable};

    fn check<N: Layer<f64> + Trainable<Scalar = f64>>() {
        let mut attention = N::init_with(Init::Normal { std: 0.7 }, &mut SmallRng::seed_from_u64(1));
        attention.tensor_mut(1).iter_mut().zip(random(18, 2)).for_each(|(bias, random)| *bias = random / 4.0);
        check_layer(&attention, &random(2 * 30, 3));
        check_parameters(&attention, &random(2 * 30, 3));
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check::<MultiHeadAttention<f64, 5, 6, 18, 2, false>>();
        check::<MultiHeadAttention<f64, 5, 6, 18, 3, true>>();
    }

    #[test]
    fn a_position_does_not_see_those_after_it() {
        type Causal = MultiHeadAttention<f64, 5, 6, 18, 2, true>;
        let attention = Causal::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
        let mut input = random(30, 2);
        let before = output(&attention, &input);
        input[18..].fill(7.0);
        let after = output(&attention, &input);
        assert_eq!(before[..18], after[..18]);
        assert!(before[18..24] != after[18..24]);
        assert!(output(&attention, &[]).is_empty());
    }
}
