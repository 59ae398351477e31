use rand::Rng;

use super::{Forward, Layer};
use crate::{
    Batch, BatchMut, Init, Parameters, Rank1, Rank2, Scalar, Tensor, Trainable, formulas, tensors, tensors_mut,
};
use constgrad_kernels::sum_and_rest;

/// A learned vector for each of `V` indices: `output[l] = weight[input[l]]`.
///
/// # Shapes
/// - input `[L]` indices below `V`, `weight` `[D, V]`, output `[L, D]`
///
/// # Initial weights
/// - normally distributed with the standard deviation 1, as no sum over inputs makes it greater; to `Init::He` and `Xavier` the
///   `V` indices are inputs
///
/// # Gradients
/// - `d_weight[v] = Σ d_output[l]` over the positions `l` with `input[l] = v`; indices have none
///
/// # Panics
/// If an index is not below `V`.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding<T: Scalar, const L: usize, const V: usize, const D: usize> {
    /// Column `v` is the vector of index `v`.
    pub weight: Tensor<T, D, V>,
}

impl<T: Scalar, const L: usize, const V: usize, const D: usize> Layer<T, usize> for Embedding<T, L, V, D> {
    type Input = Rank1<L>;
    type Output = Rank2<L, D>;

    const SCRATCH_ONCE: usize = V * D;
    const INDICES: usize = V;

    #[track_caller]
    fn forward(&self, input: Batch<'_, usize, Rank1<L>>, mut output: BatchMut<'_, T, Rank2<L, D>>, _: &mut [T]) {
        let vectors = output.as_mut_slice().chunks_exact_mut(D);
        for (place, (&index, vector)) in input.as_slice().iter().zip(vectors).enumerate() {
            let (sample, position) = (place / L, place % L);
            assert!(
                index < V,
                "sample {sample} has index {index} at position {position}, but {V} have a vector: indices are below {V}"
            );
            vector.copy_from_slice(&self.weight.as_slice()[index * D..][..D]);
        }
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<L>, Rank2<L, D>, usize>,
        d_output: Batch<'_, T, Rank2<L, D>>,
        _: Option<BatchMut<'_, T, Rank1<L>>>,
        gradients: Option<&mut Self>,
        lost: &mut [T],
    ) {
        let Some(gradients) = gradients else { return };
        let d_weight = gradients.weight.as_mut_slice();
        d_weight.fill(T::ZERO);
        // An index may stand at nearly all positions: what rounding leaves out of its sum goes to the next.
        lost.fill(T::ZERO);
        for (&index, d_vector) in forward.input.as_slice().iter().zip(d_output.as_slice().chunks_exact(D)) {
            let sums = d_weight[index * D..][..D].iter_mut().zip(&mut lost[index * D..][..D]);
            for ((d_weight, lost), &d_output) in sums.zip(d_vector) {
                (*d_weight, *lost) = sum_and_rest(*d_weight, d_output + *lost);
            }
        }
        formulas::add(lost, d_weight);
    }
}

impl<T: Scalar, const L: usize, const V: usize, const D: usize> Parameters for Embedding<T, L, V, D> {
    type Scalar = T;

    tensors!(weight: &[V, D]);
}

impl<T: Scalar, const L: usize, const V: usize, const D: usize> Trainable for Embedding<T, L, V, D> {
    fn zeros() -> Self {
        Self { weight: Tensor::zeros() }
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        let mut embedding = Self::zeros();
        init.or(Init::Normal { std: 1.0 }).fill_columns(embedding.weight.as_mut_slice(), D, [V, D], rng);
        embedding
    }

    tensors_mut!(weight);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Embedding;
    use crate::testing::{check_parameters, output};
    use crate::{Init, Trainable};

    type Layer = Embedding<f64, 2, 3, 4>;

    fn layer() -> Layer {
        Layer::init_with(Init::Default, &mut SmallRng::seed_from_u64(1))
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_parameters(&layer(), &[0, 2, 2, 2, 0, 2]);
    }

    #[test]
    fn each_index_has_its_vector() {
        let weight = &layer().weight;
        let found = output(&layer(), &[2, 1]);
        assert_eq!(found, [weight.column(2), weight.column(1)].map(|column| column.as_slice().to_vec()).concat());
    }

    #[test]
    #[should_panic(expected = "sample 1 has index 3 at position 0, but 3 have a vector: indices are below 3")]
    fn indices_are_below_their_number() {
        let _ = output(&layer(), &[0, 1, 3, 0]);
    }
}
