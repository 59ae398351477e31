use alloc::string::String;
use core::marker::PhantomData;

use rand::Rng;

use constgrad_kernels::channels::{
    ChannelInputGradient, ChannelParameterGradients, ChannelStatistics, Channels, NormaliseChannels,
};

use super::{Forward, Layer};
use crate::parameters::tensors;
use crate::{Batch, BatchMut, Init, Parameters, Scalar, Seed, Shape, Tensor};

/// Batch normalisation: `output = weight · (input - mean) / √(variance + ε) + bias`, each channel by itself, ε = 10⁻⁵.
///
/// Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
/// 2015, algorithm 1. In training mean and variance are those of the batch, over its samples and, for images and signals, their
/// rows and columns. In a prediction they are the running means of those: an optimizer moves them a tenth of the way to
/// those of the batch, which the gradients hold in their place. Applied more than once in a step, by `shared`, it moves them
/// once for each use, as `PyTorch` does.
///
/// A training step takes two values a channel or more, and panics on a batch of one vector: a single value has no variance.
///
/// # Shapes
/// - input and output `S`: `[C]`, `[C, L]` or `[C, H, W]`; parameters `[C]`
///
/// # Gradients
/// - with `normal = (input - mean) / √(variance + ε)`, means over the batch, and `count` scalars a channel in it:
///   `d_weight = Σ d_output · normal`, `d_bias = Σ d_output`,
///   `d_input = weight / √(variance + ε) · (d_output - (d_bias + normal · d_weight) / count)`
/// - where it is [frozen](super::Frozen): `d_input = weight / √(variance + ε) · d_output`, with the running variance
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm<T: Scalar, S, const C: usize> {
    /// The factor of each channel.
    pub weight: Tensor<T, C, 1>,
    /// The summand of each channel.
    pub bias: Tensor<T, C, 1>,
    /// The mean of each channel in batches so far, the last weighing most.
    pub running_mean: Tensor<T, C, 1>,
    /// The variance of each channel, of a batch of `count` scalars estimated as `count / (count - 1)` times its own.
    pub running_var: Tensor<T, C, 1>,
    shape: PhantomData<S>,
}

const EPSILON: f64 = 1e-5;

impl<T: Scalar, S: Shape, const C: usize> BatchNorm<T, S, C> {
    /// The scalars of a channel in a sample.
    const PLANE: usize = {
        assert!(S::DIMS[0] == C, "there are as many parameters as channels");
        S::LEN / C
    };
}

impl<T: Scalar, S: Shape, const C: usize> BatchNorm<T, S, C> {
    /// The gradient of a prediction, in which the output is a multiple of the input: `d_input = weight / √(running_var + ε) ·
    /// d_output`.
    fn backward_of_prediction(
        &self,
        forward: Forward<'_, T, S, S>,
        d_output: Batch<'_, T, S>,
        d_input: Option<BatchMut<'_, T, S>>,
        scratch: &mut [T],
    ) {
        let (Some(mut d_input), Some(inverse)) = (d_input, forward.cache.get(..C)) else { return };
        let zeros = &mut scratch[..C];
        zeros.fill(T::ZERO);
        let channels = Channels { plane: Self::PLANE, mean: zeros, mean_rest: zeros, inverse };
        let parameters = [self.weight.as_slice(), zeros];
        let (input, output) = (d_output.as_slice(), d_input.as_mut_slice());
        NormaliseChannels { input, channels, parameters, output }.run();
    }
}

/// `1 / √(variance + ε)`.
fn invert<T: Scalar>(variances: &mut [T]) {
    for variance in variances {
        *variance = T::ONE / (*variance + T::nearest(EPSILON)).sqrt();
    }
}

impl<T: Scalar, S: Shape, const C: usize> Layer<T> for BatchNorm<T, S, C> {
    type Input = S;
    type Output = S;

    /// Of each channel the mean, what rounding left out of it, the variance and the inverse of the standard deviation, for the
    /// whole batch.
    const CACHE: usize = 4 * C;
    /// Zeros.
    const SCRATCH: usize = C;
    const MULTIPLY_ADDS: usize = S::LEN;
    const WHOLE_BATCH: bool = true;
    /// One value a channel has no variance.
    const LEAST_SAMPLES: usize = if Self::PLANE == 1 { 2 } else { 1 };

    fn forward(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, cache: &mut [T]) {
        let Some((inverse, rest)) = cache.split_at_mut_checked(C) else { return };
        inverse.copy_from_slice(self.running_var.as_slice());
        invert(inverse);
        let mean_rest = &mut rest[..C];
        mean_rest.fill(T::ZERO);
        let channels = Channels { plane: Self::PLANE, mean: self.running_mean.as_slice(), mean_rest, inverse };
        let parameters = [self.weight.as_slice(), self.bias.as_slice()];
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        NormaliseChannels { input, channels, parameters, output }.run();
    }

    fn train(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, cache: &mut [T], _: Seed) {
        let Some((mean, rest)) = cache.split_at_mut_checked(C) else { return };
        let (mean_rest, rest) = rest.split_at_mut(C);
        let (variance, rest) = rest.split_at_mut(C);
        let statistics = [&mut *mean, &mut *mean_rest, &mut *variance];
        ChannelStatistics { input: input.as_slice(), plane: Self::PLANE, statistics }.run();
        let inverse = &mut rest[..C];
        inverse.copy_from_slice(variance);
        invert(inverse);
        let channels = Channels { plane: Self::PLANE, mean, mean_rest, inverse };
        let parameters = [self.weight.as_slice(), self.bias.as_slice()];
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        NormaliseChannels { input, channels, parameters, output }.run();
    }

    fn backward(
        &self,
        forward: Forward<'_, T, S, S>,
        d_output: Batch<'_, T, S>,
        d_input: Option<BatchMut<'_, T, S>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let Some(gradients) = gradients else {
            return self.backward_of_prediction(forward, d_output, d_input, scratch);
        };
        let Self { weight: d_weight, bias: d_bias, running_mean, running_var, .. } = gradients;
        let input = forward.input.as_slice();
        let Some((mean, rest)) = forward.cache.split_at_checked(C) else {
            // Nothing is learnt from an empty batch.
            d_weight.fill(T::ZERO);
            d_bias.fill(T::ZERO);
            running_mean.clone_from(&self.running_mean);
            running_var.clone_from(&self.running_var);
            return;
        };
        let (mean_rest, rest) = rest.split_at(C);
        let (variance, inverse) = rest.split_at(C);
        let channels = Channels { plane: Self::PLANE, mean, mean_rest, inverse: &inverse[..C] };
        running_mean.copy_from_slice(mean);
        running_var.copy_from_slice(variance);
        let count = input.len() / C;
        **running_var *= T::nearest(count as f64 / count.saturating_sub(1).max(1) as f64);
        let d_parameters = [d_weight.as_mut_slice(), d_bias.as_mut_slice()];
        let d_output = d_output.as_slice();
        ChannelParameterGradients { input, channels, d_output, d_parameters }.run();
        if let Some(mut d_input) = d_input {
            let parameters = [self.weight.as_slice(), d_weight.as_slice(), d_bias.as_slice()];
            ChannelInputGradient { input, channels, parameters, d_output, d_input: d_input.as_mut_slice() }.run();
        }
    }
}

impl<T: Scalar, S: Shape, const C: usize> Parameters for BatchNorm<T, S, C> {
    type Scalar = T;

    const COUNT: usize = 4 * C;

    fn zeros() -> Self {
        let [weight, bias, running_mean, running_var] = core::array::from_fn(|_| Tensor::zeros());
        Self { weight, bias, running_mean, running_var, shape: PhantomData }
    }

    fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        let mut norm = Self::zeros();
        norm.weight.fill(T::ONE);
        norm.running_var.fill(T::ONE);
        norm
    }

    tensors!("`batch_norm`": weight &[C], bias &[C], running_mean &[C], running_var &[C]);

    fn is_statistic(index: usize) -> bool {
        index >= 2
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::BatchNorm;
    use crate::testing::{assert_close, check_layer, check_parameters, output, random, train};
    use crate::{Init, Optimizer, Parameters, Rank1, Rank3, Sgd};

    type Image = BatchNorm<f64, Rank3<2, 2, 3>, 2>;
    type Vector = BatchNorm<f64, Rank1<3>, 3>;

    fn init<N: Parameters<Scalar = f64>>() -> N {
        let mut norm = N::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        for tensor in 0..2 {
            let values = random(norm.tensor(tensor).len(), tensor as u64);
            norm.tensor_mut(tensor).copy_from_slice(&values);
        }
        norm
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&init::<Image>(), &random(3 * 12, 2));
        check_parameters(&init::<Image>(), &random(3 * 12, 2));
        check_layer(&init::<Vector>(), &random(5 * 3, 3));
        check_parameters(&init::<Vector>(), &random(5 * 3, 3));
    }

    #[test]
    fn a_variance_beyond_all_numbers_is_nan() {
        let norm = BatchNorm::<f32, Rank1<1>, 1>::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        assert!(train(&norm, &[1e20, -1e20]).iter().all(|x| x.is_nan()));
        assert_eq!(train(&norm, &[1e18, -1e18]), [1.0, -1.0]);
    }

    #[test]
    fn a_batch_is_normalised_in_training_and_a_sample_by_running_statistics() {
        let mut norm = Vector::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        let batch = [1.0, 10.0, -5.0, 3.0, 10.0, 5.0];
        let scale = |variance: f64| 1.0 / (variance + 1e-5).sqrt();
        let normal = [-scale(1.0), 0.0, -5.0 * scale(25.0)];
        assert_close(&train(&norm, &batch), &[normal[0], 0.0, normal[2], -normal[0], 0.0, -normal[2]]);

        let mut gradients = Vector::zeros();
        gradients.running_mean.copy_from_slice(&[2.0, 10.0, 0.0]);
        gradients.running_var.copy_from_slice(&[2.0, 0.0, 50.0]);
        Sgd::new(1.0).step(&mut norm, &gradients);
        assert_close(norm.running_mean.as_slice(), &[0.2, 1.0, 0.0]);
        assert_close(norm.running_var.as_slice(), &[1.1, 0.9, 5.9]);
        let expected = [0.8 * scale(1.1), 9.0 * scale(0.9), -5.0 * scale(5.9)];
        assert_close(&output(&norm, &batch[..3]), &expected);
    }
}
