use core::ops::{Deref, DerefMut};

use rand::Rng;

use constgrad_kernels::Epilogue;

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Init, Layout, Mode, Parameters, Scalar, Seed, Trainable};

/// A layer whose parameters stay as they are, such as one that was trained elsewhere: their gradients are not computed, and
/// neither gradients nor optimizers have room for them. In training, too, it computes what it does in a prediction.
///
/// It dereferences to the layer, so that its parameters are found as if it were not frozen.
///
/// # Panics
/// If a gradient or the state of an optimizer is dereferenced: there is no layer in it.
///
/// # Gradients
/// - `d_input` as that of the layer in a prediction
#[derive(Clone, Debug, PartialEq)]
pub struct Frozen<N>(Option<N>);

impl<N> Frozen<N> {
    /// `layer`, with its parameters as they are.
    #[must_use]
    pub const fn new(layer: N) -> Self {
        Self(Some(layer))
    }
}

const ABSENT: &str = "a gradient or the state of an optimizer holds no frozen layer";

impl<N> Deref for Frozen<N> {
    type Target = N;

    #[track_caller]
    fn deref(&self) -> &N {
        self.0.as_ref().expect(ABSENT)
    }
}

impl<N> DerefMut for Frozen<N> {
    #[track_caller]
    fn deref_mut(&mut self) -> &mut N {
        self.0.as_mut().expect(ABSENT)
    }
}

impl<T: Scalar, X, N: Layer<T, X>> Layer<T, X> for Frozen<N> {
    type Input = N::Input;
    type Output = N::Output;

    const CACHE: usize = N::CACHE;
    const SCRATCH: usize = N::SCRATCH;
    const SCRATCH_ONCE: usize = N::SCRATCH_ONCE;
    const MULTIPLY_ADDS: usize = N::MULTIPLY_ADDS;
    const READS_OUTPUT: bool = N::READS_OUTPUT;
    const INDICES: usize = N::INDICES;

    fn forward(&self, input: Batch<'_, X, N::Input>, output: BatchMut<'_, T, N::Output>, cache: &mut [T]) {
        (**self).forward(input, output, cache);
    }

    fn train(&self, input: Batch<'_, X, N::Input>, output: BatchMut<'_, T, N::Output>, cache: &mut [T], _: Seed) {
        self.forward(input, output, cache);
    }

    fn forward_then(
        &self,
        _: Mode,
        input: Batch<'_, X, N::Input>,
        output: BatchMut<'_, T, N::Output>,
        cache: &mut [T],
        then: Epilogue<'_, T>,
    ) {
        (**self).forward_then(Mode::Inference, input, output, cache, then);
    }

    fn backward(
        &self,
        forward: Forward<'_, T, N::Input, N::Output, X>,
        d_output: Batch<'_, T, N::Output>,
        d_input: Option<BatchMut<'_, T, N::Input>>,
        _: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        if d_input.is_some() {
            let forward = Forward { mode: Mode::Inference, ..forward };
            (**self).backward(forward, d_output, d_input, None, scratch);
        }
    }
}

impl<N: Parameters> Parameters for Frozen<N> {
    type Scalar = N::Scalar;

    const LAYOUT: &'static Layout = &Layout::frozen(N::LAYOUT);

    fn tensor(&self, index: usize) -> &[N::Scalar] {
        self.0.as_ref().map_or(&[], |layer| layer.tensor(index))
    }
}

impl<N: Trainable> Trainable for Frozen<N> {
    fn zeros() -> Self {
        Self(Some(N::zeros()))
    }

    fn state() -> Self {
        Self(None)
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        Self(Some(N::init_with(init, rng)))
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [N::Scalar] {
        self.0.as_mut().map_or(&mut [], |layer| layer.tensor_mut(index))
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Frozen;
    use crate::layer::{
        Affine, BatchNorm, Conv, ConvTranspose, Dropout, Gru, LayerNorm, LearnedPositions, Lstm, MultiHeadAttention,
        Prelu, RmsNorm, Slide,
    };
    use crate::testing::{check_layer, output, random, train};
    use crate::{Adam, Init, Layer, Optimizer, Parameters, Rank1, Rank2, Rank3, Role, Trainable};

    fn check<L: Layer<f64> + Trainable<Scalar = f64>>(len: usize) {
        let mut layer = L::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        for tensor in 0..L::TENSORS {
            // Variances are positive.
            let values = random(layer.tensor(tensor).len(), 3 + tensor as u64);
            let is_statistic = L::info(tensor).role == Role::Statistic;
            for (parameter, value) in layer.tensor_mut(tensor).iter_mut().zip(values) {
                *parameter = if is_statistic { value.abs() } else { value };
            }
        }
        let (frozen, input) = (Frozen::new(layer), random(2 * len, 2));
        check_layer(&frozen, &input);
        assert_eq!(train(&frozen, &input), output(&*frozen, &input));
    }

    #[test]
    fn the_gradient_of_the_input_is_that_of_a_prediction() {
        check::<Affine<f64, 3, 2>>(3);
        check::<BatchNorm<f64, Rank2<3, 4>, 3>>(12);
        check::<Conv<f64, Rank3<1, 4, 4>, Rank3<2, 3, 3>, Slide<2, 2, 1, 1, 0, 0, 1, 1>, 1, 4, 2>>(16);
        check::<ConvTranspose<f64, Rank3<2, 3, 3>, Rank3<1, 4, 4>, Slide<2, 2, 1, 1, 0, 0, 1, 1>, 1, 4, 2, 1>>(18);
        check::<LayerNorm<f64, 5>>(5);
        check::<RmsNorm<f64, 5>>(5);
        check::<Prelu<f64, Rank1<5>>>(5);
        check::<MultiHeadAttention<f64, 3, 4, 12, 2, true>>(12);
        check::<Lstm<f64, 3, 2, 4, 16>>(6);
        check::<Gru<f64, 3, 2, 4, 12>>(6);
        check::<LearnedPositions<f64, 3, 2>>(6);
        check_layer(&Frozen::new(Dropout::<Rank1<5>>::new(0.5)), &random(10, 2));
    }

    #[test]
    fn an_optimizer_leaves_it_alone() {
        type Layer = Frozen<Affine<f64, 3, 2>>;
        let mut net = Layer::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        let before = net.clone();
        let mut adam = Adam::new(0.1);
        adam.step(&mut net, &Layer::state());
        assert_eq!(net, before);
        assert_eq!((adam.first_moment, Layer::COUNT, Layer::TRAINED), (Layer::state(), 8, 0));
    }
}
