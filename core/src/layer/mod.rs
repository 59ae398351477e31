//! Layers: functions from samples to samples, each with its gradient beside it.

mod affine;
mod attention;
mod avg_pool;
mod batch_norm;
mod broadcast;
mod conv;
mod conv_transpose;
mod dropout;
mod each;
mod embedding;
mod frozen;
mod global_avg_pool;
mod gru;
mod layer_norm;
mod learned_positions;
mod log_softmax;
mod lstm;
mod map;
mod max_pool;
mod multi_head_attention;
mod prelu;
mod recurrent;
mod rms_norm;
mod rnn;
mod sinusoidal_positions;
mod slice;
mod softmax;
mod unknown;
mod upsample;
mod window;
mod zero_pad;

pub use affine::Affine;
pub use attention::Attention;
pub use avg_pool::AvgPool;
pub use batch_norm::BatchNorm;
pub use broadcast::Broadcast;
pub use conv::Conv;
pub use conv_transpose::ConvTranspose;
pub use dropout::Dropout;
pub use each::Each;
pub use embedding::Embedding;
pub use frozen::Frozen;
pub use global_avg_pool::GlobalAvgPool;
pub use gru::Gru;
pub use layer_norm::LayerNorm;
pub use learned_positions::LearnedPositions;
pub use log_softmax::LogSoftmax;
pub use lstm::Lstm;
pub use map::Map;
pub use max_pool::MaxPool;
pub use multi_head_attention::MultiHeadAttention;
pub use prelu::Prelu;
pub use rms_norm::RmsNorm;
pub use rnn::Rnn;
pub use sinusoidal_positions::SinusoidalPositions;
pub use slice::Slice;
pub use softmax::Softmax;
#[doc(hidden)]
pub use unknown::Unknown;
pub use upsample::Upsample;
pub use window::{Slide, Slides, Window};
pub use zero_pad::ZeroPad;

use constgrad_kernels::Epilogue;

use crate::{Batch, BatchMut, Mode, Scalar, Seed, Shape};

/// A function from samples of one shape to samples of another, with its gradient.
///
/// The samples of its input are made of `X`: scalars or, for a layer such as [`Embedding`], indices, which have no gradient.
///
/// A declared network with one input is one. For a layer of your own implement it together with
/// [`Parameters`](crate::Parameters) and [`Trainable`](crate::Trainable), for which the macros [`tensors!`](crate::tensors) and
/// [`tensors_mut!`](crate::tensors_mut) write a part, and derive `Clone`, `Debug` and `PartialEq`; its scalar type is its last
/// generic parameter:
///
/// ```
/// use constgrad::prelude::*;
/// use constgrad::{Batch, BatchMut, Forward, Init, Layer, Rank1, Scalar, Tensor, tensors, tensors_mut};
/// use rand::Rng;
///
/// /// Each scalar times a factor of its own: `output = factor · input`.
/// #[derive(Clone, Debug, PartialEq)]
/// pub struct Scale<const D: usize, T: Scalar = f32> {
///     pub factor: Tensor<T, D, 1>,
/// }
///
/// impl<const D: usize, T: Scalar> Layer<T> for Scale<D, T> {
///     type Input = Rank1<D>;
///     type Output = Rank1<D>;
///
///     fn forward(&self, input: Batch<'_, T, Rank1<D>>, mut output: BatchMut<'_, T, Rank1<D>>, _: &mut [T]) {
///         for (output, input) in output.iter_mut().zip(input) {
///             for ((output, &input), &factor) in output.iter_mut().zip(input).zip(self.factor.as_slice()) {
///                 *output = factor * input;
///             }
///         }
///     }
///
///     fn backward(
///         &self,
///         forward: Forward<'_, T, Rank1<D>, Rank1<D>>,
///         d_output: Batch<'_, T, Rank1<D>>,
///         d_input: Option<BatchMut<'_, T, Rank1<D>>>,
///         gradients: Option<&mut Self>,
///         _: &mut [T],
///     ) {
///         if let Some(gradients) = gradients {
///             let d_factor = gradients.factor.as_mut_slice();
///             d_factor.fill(T::ZERO);
///             for (d_output, input) in d_output.into_iter().zip(forward.input) {
///                 for ((d_factor, &d_output), &input) in d_factor.iter_mut().zip(d_output).zip(input) {
///                     *d_factor += d_output * input;
///                 }
///             }
///         }
///         if let Some(d_input) = d_input {
///             self.forward(d_output, d_input, &mut []); // the same product
///         }
///     }
/// }
///
/// impl<const D: usize, T: Scalar> Parameters for Scale<D, T> {
///     type Scalar = T;
///
///     tensors!(factor: &[D]);
/// }
///
/// impl<const D: usize, T: Scalar> Trainable for Scale<D, T> {
///     fn zeros() -> Self {
///         Self { factor: Tensor::zeros() }
///     }
///
///     fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
///         let mut scale = Self::zeros();
///         scale.factor.fill(T::ONE);
///         scale
///     }
///
///     tensors_mut!(factor);
/// }
///
/// network! {
///     pub struct Scaled(x: [4]) -> [2] {
///         x.net::<Scale<4>>().affine(2)
///     }
/// }
///
/// Scaled::<f64>::grad_check_random(1).assert_ok();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer from `{X}` to `{T}`",
    label = "not such a layer",
    note = "declare it with `network!` with one input, of scalars or, for `usize`, of indices; \
            or implement `constgrad::Layer<{T}, {X}>` for it"
)]
pub trait Layer<T: Scalar, X = T>: Clone {
    /// The shape of an input sample.
    type Input: Shape;
    /// The shape of an output sample.
    type Output: Shape;

    /// Scalars a sample that [`forward`](Self::forward) keeps for [`backward`](Self::backward), besides input and output.
    const CACHE: usize = 0;

    /// Scalars a sample that [`backward`](Self::backward) needs to work in.
    const SCRATCH: usize = 0;

    /// Scalars that it needs besides, for a batch of any size.
    const SCRATCH_ONCE: usize = 0;

    /// Multiply-adds of [`forward`](Self::forward), a sample.
    const MULTIPLY_ADDS: usize = 0;

    /// Whether [`train`](Self::train) draws random numbers.
    const RANDOM: bool = false;

    /// Whether, after [`train`](Self::train), a sample changes what becomes of another, as in [`BatchNorm`], so that threads cannot
    /// take some of them each. Gradients of parameters are sums over the samples otherwise.
    const WHOLE_BATCH: bool = false;

    /// The least samples of a training step, where a variance needs more than one, as in [`BatchNorm`]: a smaller batch is
    /// refused. An empty one never is.
    const LEAST_SAMPLES: usize = 1;

    /// Whether [`backward`](Self::backward) reads the output. Where it does not, an activation that follows may take the place
    /// of the output, which is not kept then.
    const READS_OUTPUT: bool = true;

    /// For a layer of indices: how many there are, so that each is below.
    const INDICES: usize = usize::MAX;

    /// Computes every scalar of `output` from `input`.
    fn forward(&self, input: Batch<'_, X, Self::Input>, output: BatchMut<'_, T, Self::Output>, cache: &mut [T]);

    /// What [`forward`](Self::forward) is in a training step, where that is something else: random numbers follow from
    /// `seed`, and samples may depend on each other, if [`WHOLE_BATCH`](Self::WHOLE_BATCH) says so.
    fn train(
        &self,
        input: Batch<'_, X, Self::Input>,
        output: BatchMut<'_, T, Self::Output>,
        cache: &mut [T],
        _seed: Seed,
    ) {
        self.forward(input, output, cache);
    }

    /// Computes the output as [`forward`](Self::forward) or, in training, [`train`](Self::train) does, and `then` of it, in
    /// place: a layer that makes its output in pieces can call it for each while that is in the cache.
    fn forward_then(
        &self,
        mode: Mode,
        input: Batch<'_, X, Self::Input>,
        mut output: BatchMut<'_, T, Self::Output>,
        cache: &mut [T],
        then: Epilogue<'_, T>,
    ) {
        match mode {
            Mode::Inference => self.forward(input, output.reborrow(), cache),
            Mode::Training(seed) => self.train(input, output.reborrow(), cache, seed),
        }
        then(output.as_mut_slice());
    }

    /// From the gradient of the output, computes every scalar of `d_input` and of `gradients`, each where it is asked for.
    ///
    /// It follows a pass over the same input: [`forward`](Self::forward) or [`train`](Self::train), as `forward.mode` says.
    fn backward(
        &self,
        forward: Forward<'_, T, Self::Input, Self::Output, X>,
        d_output: Batch<'_, T, Self::Output>,
        d_input: Option<BatchMut<'_, T, Self::Input>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    );
}

/// What a layer's forward pass read, wrote and kept.
#[derive(Clone, Copy, Debug)]
pub struct Forward<'a, T, I, O, X = T> {
    /// What it read.
    pub input: Batch<'a, X, I>,
    /// What it wrote.
    pub output: Batch<'a, T, O>,
    /// What it kept besides.
    pub cache: &'a [T],
    /// Whether it was a prediction, or [trained](Layer::train).
    pub mode: Mode,
}
