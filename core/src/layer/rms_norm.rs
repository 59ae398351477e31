use rand::Rng;

use constgrad_kernels::rows::{NormaliseRows, RowInputGradient, RowWeightGradient};

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Init, Parameters, Rank1, Scalar, Tensor, Trainable, tensors, tensors_mut};

/// Normalisation by the root mean square: `output = weight · input / √(mean of input² + ε)`, each sample by itself.
///
/// `EPSILON` holds the bits of ε, an `f64`, which is 10⁻⁵ unless said otherwise: `f64::to_bits(1e-6)`.
///
/// Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019, eq. 4.
///
/// # Shapes
/// - input, output and `weight` `[D]`
///
/// # Gradients
/// - with `normal = input / √(mean of input² + ε)` and `g = weight · d_output`: `d_weight = Σ d_output · normal`,
///   `d_input = (g - normal · mean of (g · normal)) / √(mean of input² + ε)`
#[derive(Clone, Debug, PartialEq)]
pub struct RmsNorm<T: Scalar, const D: usize, const EPSILON: u64 = { f64::to_bits(1e-5) }> {
    /// The factor of each scalar.
    pub weight: Tensor<T, D, 1>,
}

impl<T: Scalar, const D: usize, const EPSILON: u64> Layer<T> for RmsNorm<T, D, EPSILON> {
    type Input = Rank1<D>;
    type Output = Rank1<D>;

    /// Mean, what rounding left out of it, and inverse deviation.
    const CACHE: usize = 3;
    const SCRATCH_ONCE: usize = 2 * D;
    const MULTIPLY_ADDS: usize = D;

    fn forward(&self, input: Batch<'_, T, Rank1<D>>, mut output: BatchMut<'_, T, Rank1<D>>, cache: &mut [T]) {
        let (means, rest) = cache.split_at_mut(input.samples());
        let (rests, inverses) = rest.split_at_mut(input.samples());
        let output = output.as_mut_slice();
        let (input, weight) = (input.as_slice(), self.weight.as_slice());
        let statistics = [means, rests, inverses];
        let epsilon = f64::from_bits(EPSILON);
        NormaliseRows { input, len: D, is_centred: false, epsilon, weight, statistics, output }.run();
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<D>, Rank1<D>>,
        d_output: Batch<'_, T, Rank1<D>>,
        d_input: Option<BatchMut<'_, T, Rank1<D>>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let (means, rest) = forward.cache.split_at(forward.input.samples());
        let (rests, inverses) = rest.split_at(forward.input.samples());
        let (input, weight, d_output) = (forward.input.as_slice(), self.weight.as_slice(), d_output.as_slice());
        let d_weight = gradients.map(|gradients| gradients.weight.as_mut_slice());
        let statistics = [means, rests, inverses];
        if let Some(d_weight) = d_weight {
            RowWeightGradient { input, statistics, d_output, d_weight, room: scratch }.run();
        }
        if let Some(mut d_input) = d_input {
            let d_input = d_input.as_mut_slice();
            RowInputGradient { input, weight, statistics, is_centred: false, d_output, d_input }.run();
        }
    }
}

impl<T: Scalar, const D: usize, const EPSILON: u64> Parameters for RmsNorm<T, D, EPSILON> {
    type Scalar = T;

    tensors!(weight: &[D]);
}

impl<T: Scalar, const D: usize, const EPSILON: u64> Trainable for RmsNorm<T, D, EPSILON> {
    fn zeros() -> Self {
        Self { weight: Tensor::zeros() }
    }

    fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        let mut norm = Self::zeros();
        norm.weight.fill(T::ONE);
        norm
    }

    tensors_mut!(weight);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::RmsNorm;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Trainable};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let mut norm = RmsNorm::<f64, 11>::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
        norm.weight.copy_from_slice(&random(11, 2));
        check_layer(&norm, &random(3 * 11, 3));
        check_parameters(&norm, &random(3 * 11, 3));
    }

    #[test]
    fn epsilon_is_added_to_the_mean_square() {
        const LARGE: u64 = f64::to_bits(9.0);
        let norm = RmsNorm::<f64, 2, LARGE>::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
        assert_eq!(output(&norm, &[4.0, 4.0]), [0.8, 0.8]);
        check_layer(&norm, &random(3 * 2, 3));
    }

    #[test]
    fn large_scalars_are_normalised_or_nan() {
        let norm = RmsNorm::<f32, 4>::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
        for size in [1e15, 2e19, 3e38] {
            assert_close_f32(&output(&norm, &[size, -size, size, -size]), [1.0, -1.0, 1.0, -1.0]);
        }
        let norm = RmsNorm::<f64, 4>::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
        assert!(output(&norm, &[1e200, -1e200, 0.0, 0.0]).iter().all(|x| x.is_nan()));
    }

    fn assert_close_f32(found: &[f32], expected: [f32; 4]) {
        assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-6), "{found:?}");
    }

    #[test]
    fn equal_scalars_do_not_divide_by_zero() {
        let norm = RmsNorm::<f32, 3>::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
        assert!(output(&norm, &[0.0; 6]).iter().all(|&x| x == 0.0));
    }
}
