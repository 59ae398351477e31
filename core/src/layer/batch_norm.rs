use core::marker::PhantomData;

use rand::Rng;

use constgrad_kernels::channels::{
    ChannelInputGradient, ChannelParameterGradients, ChannelStatistics, Channels, NormaliseChannels,
};

use super::{Forward, Layer};
use crate::parameters::no_tensor;
use crate::{Batch, BatchMut, Init, Layout, Mode, Parameters, Scalar, Seed, Shape, Tensor, Trainable};

/// Batch normalisation: `output = weight · (input - mean) / √(variance + ε) + bias`, each channel by itself.
///
/// Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
/// 2015, algorithm 1. In training mean and variance are those of the batch, over its samples and, for images and signals, their
/// rows and columns. In a prediction they are the running means of those: a step of any optimizer moves them towards those of
/// the batch, by a share of the way that is the momentum. Applied more than once in a step, by `shared`, they move once for each use, as in `PyTorch`.
///
/// A training step takes two values a channel or more, and panics on a batch of one vector: a single value has no variance.
///
/// `MOMENTUM` and `EPSILON` hold the bits of the momentum and of ε, each an `f64`: 0.1 and 10⁻⁵ unless said otherwise.
///
/// # Shapes
/// - input and output `S`: `[C]`, `[C, L]` or `[C, H, W]`; parameters `[C]`
///
/// # Gradients
/// - with `normal = (input - mean) / √(variance + ε)`, means over the batch, and `count` scalars a channel in it:
///   `d_weight = Σ d_output · normal`, `d_bias = Σ d_output`,
///   `d_input = weight / √(variance + ε) · (d_output - (d_bias + normal · d_weight) / count)`
/// - of a prediction: `d_input = weight / √(running_var + ε) · d_output`, and those of the parameters with the running mean
///   and variance
#[derive(Clone, Debug, PartialEq)]
pub struct BatchNorm<
    T: Scalar,
    S,
    const C: usize,
    const MOMENTUM: u64 = { f64::to_bits(0.1) },
    const EPSILON: u64 = { f64::to_bits(1e-5) },
> {
    /// The factor of each channel.
    pub weight: Tensor<T, C, 1>,
    /// The summand of each channel.
    pub bias: Tensor<T, C, 1>,
    /// The mean of each channel in batches so far, the last weighing most.
    pub running_mean: Tensor<T, C, 1>,
    /// The variance of each channel, of a batch of `count` scalars estimated as `count / (count - 1)` times its own.
    pub running_var: Tensor<T, C, 1>,
    /// In gradients, how many applications the batch had. Mean and variance are those of the batch then.
    applications: Option<u32>,
    shape: PhantomData<S>,
}

impl<T: Scalar, S: Shape, const C: usize, const MOMENTUM: u64, const EPSILON: u64>
    BatchNorm<T, S, C, MOMENTUM, EPSILON>
{
    /// The scalars of a channel in a sample.
    const PLANE: usize = {
        assert!(S::DIMS[0] == C, "there are as many parameters as channels");
        S::LEN / C
    };
}

impl<T: Scalar, S: Shape, const C: usize, const MOMENTUM: u64, const EPSILON: u64>
    BatchNorm<T, S, C, MOMENTUM, EPSILON>
{
    /// In gradients, what a batch of `count` scalars a channel says of mean and variance. A step that moves towards this moves
    /// towards each application, in their order; they come from the last to the first.
    fn observe(&mut self, net: &Self, [mean, variance]: [&[T]; 2], count: usize) {
        let Some(later) = self.applications else { return };
        let unbiased = T::nearest(count as f64 / count.saturating_sub(1).max(1) as f64);
        let kept_by_later = T::nearest(libm::pow(1.0 - f64::from_bits(MOMENTUM), later.into()));
        let statistics = [
            (&mut self.running_mean, &net.running_mean, mean, T::ONE),
            (&mut self.running_var, &net.running_var, variance, unbiased),
        ];
        for (target, running, of_batch, factor) in statistics {
            let scalars = target.iter_mut().zip(running.iter()).zip(of_batch);
            for ((target, &running), &of_batch) in scalars {
                let of_batch = of_batch * factor;
                *target = if later == 0 { of_batch } else { *target + kept_by_later * (of_batch - running) };
            }
        }
        self.applications = Some(later + 1);
    }
}

/// `1 / √(variance + ε)`.
fn invert<T: Scalar>(variances: &mut [T], epsilon: f64) {
    for variance in variances {
        *variance = T::ONE / (*variance + T::nearest(epsilon)).sqrt();
    }
}

impl<T: Scalar, S: Shape, const C: usize, const MOMENTUM: u64, const EPSILON: u64> Layer<T>
    for BatchNorm<T, S, C, MOMENTUM, EPSILON>
{
    type Input = S;
    type Output = S;

    /// Of each channel the mean, what rounding left out of it, the variance and the inverse of the standard deviation, for the
    /// whole batch.
    const CACHE: usize = 4 * C;
    /// Zeros, and the gradients of the parameters.
    const SCRATCH_ONCE: usize = 3 * C;
    const MULTIPLY_ADDS: usize = S::LEN;
    const WHOLE_BATCH: bool = true;
    /// One value a channel has no variance.
    const LEAST_SAMPLES: usize = if Self::PLANE == 1 { 2 } else { 1 };

    fn forward(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, cache: &mut [T]) {
        let Some((inverse, rest)) = cache.split_at_mut_checked(C) else { return };
        inverse.copy_from_slice(self.running_var.as_slice());
        invert(inverse, f64::from_bits(EPSILON));
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
        invert(inverse, f64::from_bits(EPSILON));
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
        let (zeros, rest) = scratch.split_at_mut(C);
        let (d_weight, rest) = rest.split_at_mut(C);
        let d_bias = &mut rest[..C];
        zeros.fill(T::ZERO);
        let (input, d_output) = (forward.input.as_slice(), d_output.as_slice());
        let is_training = matches!(forward.mode, Mode::Training(_));
        let (mut channels, mut statistics) = (None, None);
        if let (Some((mean, rest)), true) = (forward.cache.split_at_checked(C), is_training) {
            let (mean_rest, rest) = rest.split_at(C);
            let (variance, inverse) = rest.split_at(C);
            channels = Some(Channels { plane: Self::PLANE, mean, mean_rest, inverse: &inverse[..C] });
            statistics = Some([mean, variance]);
        } else if let (Some(inverse), false) = (forward.cache.get(..C), is_training) {
            let mean = self.running_mean.as_slice();
            channels = Some(Channels { plane: Self::PLANE, mean, mean_rest: zeros, inverse });
        }
        let Some(channels) = channels else {
            // Nothing is learnt from an empty batch.
            if let Some(Self { weight, bias, .. }) = gradients {
                weight.fill(T::ZERO);
                bias.fill(T::ZERO);
            }
            return;
        };
        let needs_both = is_training && d_input.is_some();
        if gradients.is_some() || needs_both {
            let d_parameters = [&mut *d_weight, &mut *d_bias];
            ChannelParameterGradients { input, channels, d_output, d_parameters }.run();
        }
        if let Some(gradients) = gradients {
            gradients.weight.copy_from_slice(d_weight);
            gradients.bias.copy_from_slice(d_bias);
            if let Some(statistics) = statistics {
                gradients.observe(self, statistics, input.len() / C);
            }
        }
        let Some(mut d_input) = d_input else { return };
        let d_input = d_input.as_mut_slice();
        if is_training {
            let parameters = [self.weight.as_slice(), d_weight, d_bias];
            ChannelInputGradient { input, channels, parameters, d_output, d_input }.run();
        } else {
            let channels = Channels { mean: zeros, ..channels };
            let parameters = [self.weight.as_slice(), zeros];
            NormaliseChannels { input: d_output, channels, parameters, output: d_input }.run();
        }
    }
}

impl<T: Scalar, S: Shape, const C: usize, const MOMENTUM: u64, const EPSILON: u64> Parameters
    for BatchNorm<T, S, C, MOMENTUM, EPSILON>
{
    type Scalar = T;

    const LAYOUT: &'static Layout = &Layout::fields(&[
        ("weight", &Layout::trained(&[C])),
        ("bias", &Layout::trained(&[C])),
        ("running_mean", &Layout::statistic(&[C])),
        ("running_var", &Layout::statistic(&[C])),
    ]);

    fn tensor(&self, index: usize) -> &[T] {
        let Self { weight, bias, running_mean, running_var, .. } = self;
        match [weight, bias, running_mean, running_var][index] {
            _ if index >= 2 && self.applications.is_some() => &[],
            tensor => tensor.as_slice(),
        }
    }
}

impl<T: Scalar, S: Shape, const C: usize, const MOMENTUM: u64, const EPSILON: u64> Trainable
    for BatchNorm<T, S, C, MOMENTUM, EPSILON>
{
    fn zeros() -> Self {
        let [weight, bias, running_mean, running_var] = core::array::from_fn(|_| Tensor::zeros());
        Self { weight, bias, running_mean, running_var, applications: None, shape: PhantomData }
    }

    fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        let mut norm = Self::zeros();
        norm.weight.fill(T::ONE);
        norm.running_var.fill(T::ONE);
        norm
    }

    fn state() -> Self {
        Self { applications: Some(0), ..Self::zeros() }
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        let Self { weight, bias, running_mean, running_var, .. } = self;
        match [weight, bias, running_mean, running_var].into_iter().nth(index) {
            Some(_) if index >= 2 && self.applications.is_some() => &mut [],
            Some(tensor) => tensor.as_mut_slice(),
            None => no_tensor(index - Self::TENSORS),
        }
    }

    fn clear_statistics(&mut self) {
        self.applications = self.applications.map(|_| 0);
    }

    fn move_statistics(&mut self, gradients: &Self) {
        if matches!(gradients.applications, None | Some(0)) {
            return;
        }
        let momentum = T::nearest(f64::from_bits(MOMENTUM));
        let least_normal = T::TINY * T::TINY;
        let statistics =
            [(&mut self.running_mean, &gradients.running_mean), (&mut self.running_var, &gradients.running_var)];
        for (running, target) in statistics {
            for (running, &target) in running.iter_mut().zip(target.iter()) {
                *running += momentum * (target - *running);
                if -least_normal < *running && *running < least_normal {
                    *running = T::ZERO;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::BatchNorm;
    use crate::testing::{assert_close, check_layer, check_parameters, output, random, train};
    use crate::{Init, Optimizer, Rank1, Rank3, Sgd, Trainable};

    type Image = BatchNorm<f64, Rank3<2, 2, 3>, 2>;
    type Vector = BatchNorm<f64, Rank1<3>, 3>;

    fn init<N: Trainable<Scalar = f64>>() -> N {
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

        let mut gradients = Vector::state();
        gradients.observe(&norm, [&[2.0, 10.0, 0.0], &[1.0, 0.0, 25.0]], 2);
        Sgd::new(1.0).step(&mut norm, &gradients);
        assert_close(norm.running_mean.as_slice(), &[0.2, 1.0, 0.0]);
        assert_close(norm.running_var.as_slice(), &[1.1, 0.9, 5.9]);
        let expected = [0.8 * scale(1.1), 9.0 * scale(0.9), -5.0 * scale(5.9)];
        assert_close(&output(&norm, &batch[..3]), &expected);
    }
}
