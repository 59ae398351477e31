use core::marker::PhantomData;

use rand::Rng;

use constgrad_kernels::channels::{AddToChannels, ChannelSums};
use constgrad_kernels::conv::{Convolution, ConvolutionInputGradient, ConvolutionWeightGradient, Geometry};

use super::window::assert_makes;
use super::{Forward, Layer, Slides};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Init, Parameters, Scalar, Tensor, Trainable, tensors, tensors_mut};

/// Transposed convolution: each scalar of the input sends its share of a window to the output, where shares add up:
/// what the gradient of a [`Conv`](super::Conv) from `O` to `I` is for its input.
///
/// # Shapes
/// - input `I`, `[CHANNELS, H, W]`; output `O`, `[C, …]`, with `(size - 1) · stride - 2 padding + (kernel - 1) · dilation + 1` rows
///   and columns
/// - `weight` `[C / GROUPS, kernel rows, kernel columns]` for each input channel, `FAN_OUT` scalars in that order; `bias` `[C]`,
///   or, with `BIASES` 0, none
///
/// # Gradients
/// - of the input, the convolution of `d_output`; `d_weight` is that of the convolution for input and gradient exchanged;
///   `d_bias[c] = Σ d_output[c, y, x]`
#[derive(Clone, Debug, PartialEq)]
pub struct ConvTranspose<
    T: Scalar,
    I,
    O,
    W,
    const GROUPS: usize,
    const FAN_OUT: usize,
    const CHANNELS: usize,
    const BIASES: usize,
> {
    /// Column `c` holds the weights of input channel `c`.
    pub weight: Tensor<T, FAN_OUT, CHANNELS>,
    /// One bias a channel of the output.
    pub bias: Tensor<T, BIASES, 1>,
    geometry: PhantomData<(I, O, W)>,
}

impl<T, I, O, W, const GROUPS: usize, const FAN_OUT: usize, const CHANNELS: usize, const BIASES: usize>
    ConvTranspose<T, I, O, W, GROUPS, FAN_OUT, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    /// Of the convolution from the output to the input.
    const GEOMETRY: Geometry = {
        assert_makes::<O, I>(W::WINDOW);
        let geometry = Geometry { image: O::IMAGE, output: I::IMAGE, window: W::WINDOW, groups: GROUPS };
        assert!(O::IMAGE[0].is_multiple_of(GROUPS) && CHANNELS.is_multiple_of(GROUPS), "groups divide the channels");
        assert!(I::IMAGE[0] == CHANNELS && geometry.fan_in() == FAN_OUT, "the weights are of another size");
        geometry
    };

    const HAS_BIAS: bool = {
        assert!(BIASES == O::IMAGE[0] || BIASES == 0, "each channel has a bias, or none has");
        BIASES > 0
    };

    /// The dimensions of the weight, for images and for signals.
    const IMAGE_DIMS: [usize; 4] = {
        let [rows, columns] = W::WINDOW.kernel;
        [CHANNELS, FAN_OUT / (rows * columns), rows, columns]
    };
    const SIGNAL_DIMS: [usize; 3] = [CHANNELS, FAN_OUT / W::WINDOW.kernel[1], W::WINDOW.kernel[1]];
    const WEIGHT_DIMS: &'static [usize] = if I::DIMS.len() == 2 { &Self::SIGNAL_DIMS } else { &Self::IMAGE_DIMS };

    /// The scalars of a channel of the output.
    const PLANE: usize = O::IMAGE[1] * O::IMAGE[2];
}

impl<T, I, O, W, const GROUPS: usize, const FAN_OUT: usize, const CHANNELS: usize, const BIASES: usize> Layer<T>
    for ConvTranspose<T, I, O, W, GROUPS, FAN_OUT, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    type Input = I;
    type Output = O;

    const CACHE: usize = Self::GEOMETRY.room();
    const SCRATCH: usize = Self::GEOMETRY.room() + I::LEN;
    const SCRATCH_ONCE: usize = 2 * FAN_OUT * CHANNELS;
    const MULTIPLY_ADDS: usize = I::LEN * FAN_OUT;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, O>, cache: &mut [T]) {
        let (weight, d_output, geometry) = (self.weight.as_slice(), input.as_slice(), Self::GEOMETRY);
        let output = output.as_mut_slice();
        ConvolutionInputGradient { weight, d_output, room: cache, d_input: &mut *output, geometry }.run();
        if Self::HAS_BIAS {
            AddToChannels { numbers: self.bias.as_slice(), plane: Self::PLANE, scalars: output }.run();
        }
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
        let (room, rest) = scratch.split_at_mut(Self::GEOMETRY.room() * forward.input.samples());
        let (unread, rest) = rest.split_at_mut(I::LEN * forward.input.samples());
        // The convolution also makes the copies that the gradient of the weights slides over.
        let mut d_input = d_input;
        let d_input = d_input.as_mut().map_or(unread, BatchMut::as_mut_slice);
        let (weight, geometry) = (self.weight.as_slice(), Self::GEOMETRY);
        Convolution { input: d_output, room: &mut *room, weight, bias: &[], epilogue: None, output: d_input, geometry }
            .run();
        if let Some(gradients) = gradients {
            let images = if Self::CACHE == 0 { d_output } else { room };
            let d_weight = gradients.weight.as_mut_slice();
            let d_output_of_it = forward.input.as_slice();
            ConvolutionWeightGradient { images, d_output: d_output_of_it, d_weight, first: 0, geometry, room: rest }
                .run();
            if Self::HAS_BIAS {
                ChannelSums { scalars: d_output, plane: Self::PLANE, sums: gradients.bias.as_mut_slice() }.run();
            }
        }
    }
}

impl<T, I, O, W, const GROUPS: usize, const FAN_OUT: usize, const CHANNELS: usize, const BIASES: usize> Parameters
    for ConvTranspose<T, I, O, W, GROUPS, FAN_OUT, CHANNELS, BIASES>
where
    T: Scalar,
    I: ImageShape,
    O: ImageShape,
    W: Slides,
{
    type Scalar = T;

    tensors!(weight: Self::WEIGHT_DIMS, bias: &[BIASES]; absent if !Self::HAS_BIAS);
}

impl<T, I, O, W, const GROUPS: usize, const FAN_OUT: usize, const CHANNELS: usize, const BIASES: usize> Trainable
    for ConvTranspose<T, I, O, W, GROUPS, FAN_OUT, CHANNELS, BIASES>
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
        let inputs = CHANNELS / GROUPS * rows * columns;
        init.fill_columns(conv.weight.as_mut_slice(), FAN_OUT, [inputs, FAN_OUT], rng);
        conv
    }

    tensors_mut!(weight, bias);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::ConvTranspose;
    use crate::layer::Slide;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Parameters, Rank3, Trainable};

    type Twice = ConvTranspose<f64, Rank3<4, 3, 4>, Rank3<2, 5, 8>, Slide<3, 2, 2, 2, 1, 0, 1, 1>, 2, 6, 4, 2>;
    type Direct = ConvTranspose<f64, Rank3<2, 2, 8>, Rank3<1, 3, 9>, Slide<2, 2, 1, 1, 0, 0, 1, 1>, 1, 4, 2, 1>;
    type WithoutBias = ConvTranspose<f64, Rank3<2, 2, 3>, Rank3<3, 3, 4>, Slide<2, 2, 1, 1, 0, 0, 1, 1>, 1, 12, 2, 0>;

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let mut twice = Twice::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(1));
        twice.bias.fill(0.2);
        check_layer(&twice, &random(3 * 48, 2));
        check_parameters(&twice, &random(3 * 48, 2));
        let direct = Direct::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(3));
        check_layer(&direct, &random(3 * 32, 4));
        check_parameters(&direct, &random(3 * 32, 4));
        let plain = WithoutBias::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(5));
        check_layer(&plain, &random(3 * 12, 6));
        check_parameters(&plain, &random(3 * 12, 6));
        assert_eq!((WithoutBias::TENSORS, WithoutBias::COUNT), (1, 24));
    }

    #[test]
    fn shares_of_neighbours_add_up() {
        let mut direct = Direct::zeros();
        direct.weight.copy_from_slice(&[1.0, 2.0, 4.0, 8.0, 0.0, 0.0, 0.0, 0.0]);
        let mut input = [0.0; 32];
        (input[0], input[1]) = (1.0, 10.0);
        let output = output(&direct, &input);
        assert_eq!(output[..3], [1.0, 12.0, 20.0]);
        assert_eq!(output[9..12], [4.0, 48.0, 80.0]);
    }
}
