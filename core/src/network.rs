//! What a declared network is to the rest of the crate.

use core::ops::Range;

use crate::input::Input;
use crate::input_gradients::InputGradients;
use crate::loss::Loss;
use crate::{Mode, Parameters, Shape};

/// The name and shape of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// As declared.
    pub name: &'static str,
    /// The shape of one sample.
    pub dims: &'static [usize],
    /// For an input of indices: how many there are to choose from, so that each is below.
    pub indices: Option<usize>,
}

impl Port {
    /// Some samples of `all`.
    pub(crate) fn range<'a, T>(&self, all: &Input<'a, T>, samples: Range<usize>) -> Input<'a, T> {
        let len: usize = self.dims.iter().product();
        let at = samples.start * len..samples.end * len;
        match *all {
            Input::Scalars(scalars) => Input::Scalars(&scalars[at]),
            Input::Indices(indices) => Input::Indices(&indices[at]),
        }
    }
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
    /// The least samples of a training step.
    pub least_samples: usize,
}

/// The least samples of a training step of all `layers`.
#[must_use]
pub const fn least_samples(layers: &[LayerInfo]) -> usize {
    let (mut least, mut index) = (1, 0);
    while index < layers.len() {
        if layers[index].least_samples > least {
            least = layers[index].least_samples;
        }
        index += 1;
    }
    least
}

/// A declared network, over slices: what `network!` generates and everything else is built on.
///
/// Slices hold samples one after the other; [`CACHE`](Self::CACHE) and [`SCRATCH`](Self::SCRATCH) are scalars a sample.
pub trait Network: Parameters {
    /// The declared loss; for a network without one, [`NoLoss`](crate::loss::NoLoss).
    type Loss: Loss<Self::Scalar>;

    /// The shape of the output.
    type Output: Shape;

    /// The gradients of the inputs: a matrix for each that is one of scalars, by name.
    type Inputs: From<InputGradients<Self::Scalar>>;

    /// The declared loss with its options.
    const LOSS: Self::Loss;

    /// How many scores the loss takes together: all of a sample or, where it compares classes, those of a position.
    const SCORES: usize;

    /// The inputs, as declared.
    const INPUTS: &'static [Port];

    /// The layers, in the order of computation.
    const LAYERS: &'static [LayerInfo];

    /// Multiply-adds of the forward pass, a sample.
    const MULTIPLY_ADDS: usize;

    /// Whether a training step draws random numbers.
    const RANDOM: bool;

    /// Whether, in training, a sample changes what becomes of another, so that threads cannot take some of them each.
    const WHOLE_BATCH: bool;

    /// Scalars a sample that the forward pass keeps for the backward pass.
    const CACHE: usize;

    /// Scalars a sample that the backward pass needs for gradients of values.
    const SCRATCH: usize;

    /// Scalars that it needs besides, for a batch of any size.
    const SCRATCH_ONCE: usize;

    /// Computes `output` from `inputs`, and keeps in `cache` what [`backward_slices`](Self::backward_slices) reads.
    fn forward_slices(
        &self,
        inputs: &[Input<'_, Self::Scalar>],
        output: &mut [Self::Scalar],
        cache: &mut [Self::Scalar],
        samples: usize,
        mode: Mode,
    );

    /// Computes `gradients` and `d_inputs` (all inputs of scalars in order, one buffer), each where asked for, from `d_output`,
    /// after a [`forward_slices`](Self::forward_slices) of the same `inputs` filled `output` and `cache`.
    fn backward_slices(
        &self,
        pass: Pass<'_, Self::Scalar>,
        d_inputs: Option<&mut [Self::Scalar]>,
        gradients: Option<&mut Self>,
    );
}

/// What [`Network::backward_slices`] reads: the forward pass, the gradient of its output, and room to work in.
#[derive(Debug)]
pub struct Pass<'a, T> {
    /// One slice an input.
    pub inputs: &'a [Input<'a, T>],
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
    /// Of the forward pass.
    pub mode: Mode,
}
