//! What a declared network is to the rest of the crate.

use crate::loss::Loss;
use crate::{Mode, Parameters, Shape};

/// The name and shape of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// As declared.
    pub name: &'static str,
    /// The shape of one sample.
    pub dims: &'static [usize],
}

/// One layer of a network, in the order of computation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerInfo {
    /// The name of its value: that of its field, where it has parameters.
    pub name: &'static str,
    /// The layer's name in the language, such as `affine`.
    pub kind: &'static str,
    /// The shape of its output.
    pub dims: &'static [usize],
    /// The number of its scalar parameters.
    pub parameters: usize,
    /// Multiply-adds of its forward pass, a sample.
    pub multiply_adds: usize,
}

/// A declared network, over slices: what `network!` generates and everything else is built on.
///
/// Slices hold samples one after the other; [`CACHE`](Self::CACHE) and [`SCRATCH`](Self::SCRATCH) are scalars a sample.
pub trait Network: Parameters {
    /// The declared loss; for a network without one, [`NoLoss`](crate::loss::NoLoss).
    type Loss: Loss<Self::Scalar>;

    /// The shape of the output.
    type Output: Shape;

    /// The declared loss with its options.
    const LOSS: Self::Loss;

    /// The inputs, as declared.
    const INPUTS: &'static [Port];

    /// The layers, in the order of computation.
    const LAYERS: &'static [LayerInfo];

    /// Multiply-adds of the forward pass, a sample.
    const MULTIPLY_ADDS: usize;

    /// Whether a training step draws random numbers.
    const RANDOM: bool;

    /// Scalars a sample that the forward pass keeps for the backward pass.
    const CACHE: usize;

    /// Scalars a sample that the backward pass needs for gradients of values.
    const SCRATCH: usize;

    /// Computes `output` from `inputs`, and keeps in `cache` what [`backward_slices`](Self::backward_slices) reads.
    fn forward_slices(
        &self,
        inputs: &[&[Self::Scalar]],
        output: &mut [Self::Scalar],
        cache: &mut [Self::Scalar],
        samples: usize,
        mode: Mode,
    );

    /// Computes `gradients` and, where asked for, `d_inputs` (all inputs in order, one buffer) from `d_output`,
    /// after a [`forward_slices`](Self::forward_slices) of the same `inputs`, in training, filled `output` and `cache`.
    fn backward_slices(
        &self,
        pass: Pass<'_, Self::Scalar>,
        d_inputs: Option<&mut [Self::Scalar]>,
        gradients: &mut Self,
    );
}

/// What [`Network::backward_slices`] reads: the forward pass, the gradient of its output, and room to work in.
#[derive(Debug)]
pub struct Pass<'a, T> {
    /// One slice an input.
    pub inputs: &'a [&'a [T]],
    /// The output of the forward pass.
    pub output: &'a [T],
    /// What the forward pass kept.
    pub cache: &'a [T],
    /// The gradient of the output.
    pub d_output: &'a [T],
    /// Room for the gradients of values.
    pub scratch: &'a mut [T],
    /// The batch size.
    pub samples: usize,
}
