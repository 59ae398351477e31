use rand::Rng;

use constgrad_kernels::product::RowSum;

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Init, Parameters, Rank2, Scalar, Tensor, Trainable, formulas, tensors, tensors_mut};

/// Learned positions: `output = input + weight`, a vector of its own for each position of a sequence.
///
/// Gehring et al., "Convolutional Sequence to Sequence Learning", 2017, section 3.1.
///
/// # Shapes
/// - input and output `[L, D]`; `weight` `[D, L]`, a position a column
///
/// # Initial weights
/// - normally distributed with the standard deviation 0.02, as those of GPT-2
///
/// # Gradients
/// - `d_input = d_output`, `d_weight = Σ d_output`
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedPositions<T: Scalar, const L: usize, const D: usize> {
    /// The vector of each position.
    pub weight: Tensor<T, D, L>,
}

impl<T: Scalar, const L: usize, const D: usize> Layer<T> for LearnedPositions<T, L, D> {
    type Input = Rank2<L, D>;
    type Output = Rank2<L, D>;

    fn forward(&self, input: Batch<'_, T, Rank2<L, D>>, mut output: BatchMut<'_, T, Rank2<L, D>>, _: &mut [T]) {
        output.as_mut_slice().copy_from_slice(input.as_slice());
        for sample in &mut output {
            formulas::add(self.weight.as_slice(), sample);
        }
    }

    fn backward(
        &self,
        _: Forward<'_, T, Rank2<L, D>, Rank2<L, D>>,
        d_output: Batch<'_, T, Rank2<L, D>>,
        d_input: Option<BatchMut<'_, T, Rank2<L, D>>>,
        gradients: Option<&mut Self>,
        _: &mut [T],
    ) {
        if let Some(gradients) = gradients {
            RowSum { rows: d_output.as_slice(), sum: gradients.weight.as_mut_slice() }.run();
        }
        if let Some(mut d_input) = d_input {
            d_input.as_mut_slice().copy_from_slice(d_output.as_slice());
        }
    }
}

impl<T: Scalar, const L: usize, const D: usize> Parameters for LearnedPositions<T, L, D> {
    type Scalar = T;

    tensors!(weight: &[L, D]);
}

impl<T: Scalar, const L: usize, const D: usize> Trainable for LearnedPositions<T, L, D> {
    fn zeros() -> Self {
        Self { weight: Tensor::zeros() }
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        let mut positions = Self::zeros();
        init.or(Init::Normal { std: 0.02 }).fill(positions.weight.as_mut_slice(), D, L, rng);
        positions
    }

    tensors_mut!(weight);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::LearnedPositions;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Trainable};

    type Layer = LearnedPositions<f64, 4, 3>;

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let positions = Layer::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(1));
        check_layer(&positions, &random(3 * 12, 2));
        check_parameters(&positions, &random(3 * 12, 2));
        assert!(output(&positions, &[]).is_empty());
    }

    #[test]
    fn weights_begin_near_0_unless_they_are_told_otherwise() {
        let greatest = |init| {
            let positions = Layer::init_with(init, &mut SmallRng::seed_from_u64(1));
            positions.weight.iter().map(|weight| weight.abs()).fold(0.0, f64::max)
        };
        assert!(greatest(Init::Default) < 0.1 && greatest(Init::Xavier) > 0.2);
        assert!(greatest(Init::Normal { std: 1.0 }) > 0.5);
    }
}
