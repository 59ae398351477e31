//! Layers: functions from samples to samples, each with its gradient beside it.

mod affine;
mod elementwise;
mod gelu;
mod leaky_relu;
mod relu;
mod sigmoid;
mod silu;
mod softmax;
mod softplus;
mod tanh;

pub use affine::Affine;
pub use gelu::Gelu;
pub use leaky_relu::LeakyRelu;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use softmax::Softmax;
pub use softplus::Softplus;
pub use tanh::Tanh;

pub(crate) use relu::positive;
pub(crate) use sigmoid::sigmoid;
pub(crate) use softmax::{greatest, softmax, sum_of_powers};
pub(crate) use softplus::ln_1p_exp_neg_abs;

use crate::{Batch, BatchMut, Scalar, Shape};

/// A function from samples of one shape to samples of another, with its gradient.
///
/// Implement it with [`Parameters`](crate::Parameters) for a layer of your own and use that in a network as
/// `x.net::<Own<5>>()`; its scalar type is its last generic parameter.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a layer over `{T}`",
    label = "not a layer",
    note = "declare it with `network!` with one input, or implement `constgrad::Layer<{T}>` for it"
)]
pub trait Layer<T: Scalar>: Clone {
    /// The shape of an input sample.
    type Input: Shape;
    /// The shape of an output sample.
    type Output: Shape;

    /// Scalars a sample that [`forward`](Self::forward) keeps for [`backward`](Self::backward), besides input and output.
    const CACHE: usize = 0;

    /// Scalars a sample that [`backward`](Self::backward) needs to work in.
    const SCRATCH: usize = 0;

    /// Multiply-adds of [`forward`](Self::forward), a sample.
    const MULTIPLY_ADDS: usize = 0;

    /// Computes every scalar of `output` from `input`.
    fn forward(&self, input: Batch<'_, T, Self::Input>, output: BatchMut<'_, T, Self::Output>, cache: &mut [T]);

    /// From the gradient of the output, computes every scalar of `d_input`, where somebody reads it, and of `gradients`.
    fn backward(
        &self,
        forward: Forward<'_, T, Self::Input, Self::Output>,
        d_output: Batch<'_, T, Self::Output>,
        d_input: Option<BatchMut<'_, T, Self::Input>>,
        gradients: &mut Self,
        scratch: &mut [T],
    );
}

/// What a layer's forward pass read, wrote and kept.
#[derive(Clone, Copy, Debug)]
pub struct Forward<'a, T, I, O> {
    /// What it read.
    pub input: Batch<'a, T, I>,
    /// What it wrote.
    pub output: Batch<'a, T, O>,
    /// What it kept besides.
    pub cache: &'a [T],
}
