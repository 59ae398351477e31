use core::marker::PhantomData;

use rand::Rng;

use constgrad_kernels::Epilogue;
use constgrad_kernels::channels::ChannelSums;
use constgrad_kernels::conv::{Convolution, ConvolutionInputGradient, ConvolutionWeightGradient, Geometry};

use super::window::assert_makes;
use super::{Forward, Layer, Slides};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Init, Mode, Parameters, Scalar, Tensor, Trainable, tensors, tensors_mut};

/// Convolution: each output channel is a weighted sum of the scalars in a window of all channels of its group, and a bias:
/// `output[o, y, x] = Σ weight[o, c, i, j] · input[c, y · stride + i · dilation - padding, …] + bias[o]`.
///
/// Outside the image there are zeros. It is the cross-correlation that other libraries call a convolution, too.
///
/// # Shapes
/// - input `I`, `[C, H, W]` or `[C, L]`; output `O` of `CHANNELS` channels, with as many rows and columns as the window `W` has
///   places: `⌊(size + 2 padding - (kernel - 1) · dilation - 1) / stride⌋ + 1`
/// - `weight` `[C / GROUPS, kernel rows, kernel columns]` for each output channel, `FAN_IN` scalars in that order; `bias`
///   `[CHANNELS]`; with `BIASES` 0 there is no `bias`, otherwise they are `CHANNELS`
///
/// # Gradients
/// - `d_weight[o, c, i, j] = Σ d_output[o, y, x] · input[…]`, `d_bias[o] = Σ d_output[o, y, x]`, and to each scalar of a window
///   `weight · d_output`
#[derive(Clone, Debug, PartialEq)]
pub struct Conv<
    T: Scalar,
    I,
    O,
    W,
    const GROUPS: usize,
    const FAN_IN: usize,
    const CHANNELS: usize,
    const BIASES: usize = CHANNELS,
> {
    /// Column `o` holds the weights of output channel `o`.
    pub weight: Tensor<T, FAN_IN, CHANNELS>,
    /// One bias a channel.
    pub bias: Tensor<T, BIASES, 1>,
    geometry: PhantomData<(I, O, W)>,
}

impl<T, I, O, W, const GROUPS: usize, const FAN_IN: usize, const CHANNELS: usize, const BIASES: usize>
    Conv<T, I, O, W, GROUPS, FAN_IN, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    const GEOMETRY: Geometry = {
        assert_makes::<I, O>(W::WINDOW);
        let geometry = Geometry { image: I::IMAGE, output: O::IMAGE, window: W::WINDOW, groups: GROUPS };
        assert!(I::IMAGE[0].is_multiple_of(GROUPS) && CHANNELS.is_multiple_of(GROUPS), "groups divide the channels");
        assert!(O::IMAGE[0] == CHANNELS && geometry.fan_in() == FAN_IN, "the weights are of another size");
        geometry
    };

    const HAS_BIAS: bool = {
        assert!(BIASES == CHANNELS || BIASES == 0, "each channel has a bias, or none has");
        BIASES > 0
    };

    /// The dimensions of the weight, for images and for signals.
    const IMAGE_DIMS: [usize; 4] = {
        let [rows, columns] = W::WINDOW.kernel;
        [CHANNELS, FAN_IN / (rows * columns), rows, columns]
    };
    const SIGNAL_DIMS: [usize; 3] = [CHANNELS, FAN_IN / W::WINDOW.kernel[1], W::WINDOW.kernel[1]];
    const WEIGHT_DIMS: &'static [usize] = if I::DIMS.len() == 2 { &Self::SIGNAL_DIMS } else { &Self::IMAGE_DIMS };

    /// The scalars of a channel of the output.
    const PLANE: usize = O::IMAGE[1] * O::IMAGE[2];

    fn convolve(
        &self,
        input: Batch<'_, T, I>,
        epilogue: Option<Epilogue<'_, T>>,
        mut output: BatchMut<'_, T, O>,
        cache: &mut [T],
    ) {
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        let (weight, bias) = (self.weight.as_slice(), self.bias.as_slice());
        Convolution { input, room: cache, weight, bias, epilogue, output, geometry: Self::GEOMETRY }.run();
    }
}

impl<T, I, O, W, const GROUPS: usize, const FAN_IN: usize, const CHANNELS: usize, const BIASES: usize> Layer<T>
    for Conv<T, I, O, W, GROUPS, FAN_IN, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    type Input = I;
    type Output = O;

    /// What the window slides over, where that is not the input itself.
    const CACHE: usize = Self::GEOMETRY.room();
    const SCRATCH: usize = Self::GEOMETRY.room();
    const SCRATCH_ONCE: usize = 2 * FAN_IN * CHANNELS;
    const MULTIPLY_ADDS: usize = O::LEN * FAN_IN;
    const READS_OUTPUT: bool = false;

    fn forward(&self, input: Batch<'_, T, I>, output: BatchMut<'_, T, O>, cache: &mut [T]) {
        self.convolve(input, None, output, cache);
    }

    fn forward_then(
        &self,
        _: Mode,
        input: Batch<'_, T, I>,
        output: BatchMut<'_, T, O>,
        cache: &mut [T],
        then: Epilogue<'_, T>,
    ) {
        self.convolve(input, Some(then), output, cache);
    }

    fn backward(
        &self,
        forward: Forward<'_, T, I, O>,
        d_output: Batch<'_, T, O>,
        d_input: Option<BatchMut<'_, T, I>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let d_output = d_output.as_slice();
        if let Some(gradients) = gradients {
            let images = if Self::CACHE == 0 { forward.input.as_slice() } else { forward.cache };
            let room = &mut scratch[..Self::SCRATCH_ONCE];
            let (d_weight, geometry) = (gradients.weight.as_mut_slice(), Self::GEOMETRY);
            ConvolutionWeightGradient { images, d_output, d_weight, first: 0, geometry, room }.run();
            if Self::HAS_BIAS {
                ChannelSums { scalars: d_output, plane: Self::PLANE, sums: gradients.bias.as_mut_slice() }.run();
            }
        }
        if let Some(mut d_input) = d_input {
            let room = &mut scratch[..Self::SCRATCH * forward.input.samples()];
            let (weight, d_input) = (self.weight.as_slice(), d_input.as_mut_slice());
            ConvolutionInputGradient { weight, d_output, room, d_input, geometry: Self::GEOMETRY }.run();
        }
    }
}

impl<T, I, O, W, const GROUPS: usize, const FAN_IN: usize, const CHANNELS: usize, const BIASES: usize> Parameters
    for Conv<T, I, O, W, GROUPS, FAN_IN, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    type Scalar = T;

    tensors!(weight: Self::WEIGHT_DIMS, bias: &[BIASES]; absent if !Self::HAS_BIAS);
}

impl<T, I, O, W, const GROUPS: usize, const FAN_IN: usize, const CHANNELS: usize, const BIASES: usize> Trainable
    for Conv<T, I, O, W, GROUPS, FAN_IN, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    fn zeros() -> Self {
        Self { weight: Tensor::zeros(), bias: Tensor::zeros(), geometry: PhantomData }
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        let mut conv = Self::zeros();
        let [rows, columns] = W::WINDOW.kernel;
        init.fill(conv.weight.as_mut_slice(), FAN_IN, CHANNELS / GROUPS * rows * columns, rng);
        conv
    }

    tensors_mut!(weight, bias);
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Conv;
    use crate::activation::{Relu, activate};
    use crate::layer::Slide;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Batch, BatchMut, Init, Layer, Mode, Parameters, Rank2, Rank3, Trainable};

    type Padded = Conv<f64, Rank3<4, 5, 6>, Rank3<2, 3, 3>, Slide<3, 2, 2, 2, 1, 0, 1, 1>, 2, 12, 2>;
    type WithoutBias = Conv<f64, Rank3<2, 3, 4>, Rank3<3, 2, 4>, Slide<2, 3, 1, 1, 0, 1, 1, 1>, 1, 12, 3, 0>;
    type Direct = Conv<f64, Rank3<1, 4, 11>, Rank3<3, 3, 8>, Slide<2, 4, 1, 1, 0, 0, 1, 1>, 1, 8, 3>;
    type Signal = Conv<f64, Rank2<2, 9>, Rank2<3, 7>, Slide<1, 2, 1, 1, 0, 0, 1, 2>, 1, 4, 3>;

    fn init<N: Trainable<Scalar = f64>>() -> N {
        let mut net = N::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(1));
        if N::TENSORS > 1 {
            net.tensor_mut(1).fill(0.3);
        }
        net
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&init::<Padded>(), &random(3 * 120, 2));
        check_parameters(&init::<Padded>(), &random(3 * 120, 2));
        check_layer(&init::<Direct>(), &random(3 * 44, 3));
        check_parameters(&init::<Direct>(), &random(3 * 44, 3));
        check_layer(&init::<Signal>(), &random(3 * 18, 4));
        check_parameters(&init::<Signal>(), &random(3 * 18, 4));
        check_layer(&init::<WithoutBias>(), &random(3 * 24, 5));
        check_parameters(&init::<WithoutBias>(), &random(3 * 24, 5));
        assert_eq!((WithoutBias::TENSORS, WithoutBias::COUNT), (1, 36));
    }

    #[test]
    fn an_activation_may_be_computed_together_with_it() {
        let (conv, input) = (init::<Direct>(), random(2 * 44, 5));
        let mut fused = [f64::NAN; 2 * 72];
        let into = BatchMut::new(&mut fused, 2);
        conv.forward_then(Mode::Inference, Batch::new(&input, 2), into, &mut [], &|output| activate(Relu, output));
        let apart: Vec<f64> = output(&conv, &input).into_iter().map(|x| x.max(0.0)).collect();
        assert_eq!(fused[..], apart);
    }

    #[test]
    fn a_nan_spoils_its_sample_and_no_other() {
        fn check<L: Layer<f64>>(layer: &L, len: usize) {
            let mut input = random(2 * len, 6);
            let clean = output(layer, &input);
            input[len - 1] = f64::NAN;
            let spoilt = output(layer, &input);
            let (first, second) = spoilt.split_at(clean.len() / 2);
            assert!(first.iter().any(|x| x.is_nan()));
            assert_eq!(second, &clean[clean.len() / 2..]);
        }
        check(&init::<Direct>(), 44);
        check(&init::<Signal>(), 18);
    }
}
