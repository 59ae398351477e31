//! The passes of a batch forward and back, in the parts that it is divided into.

use alloc::vec;
use alloc::vec::Vec;

use constgrad_kernels::threads;

use crate::input::Input;
use crate::loss::Loss;
use crate::part::{self, Division, Part};
use crate::target::Target;
use crate::{Mode, Network, Scalar, Trainable, Workspace};

/// A batch that goes through a network, and back.
pub(crate) struct Step<'a, N: Network> {
    pub(crate) net: &'a N,
    pub(crate) inputs: &'a [Input<'a, N::Scalar>],
    pub(crate) division: Division,
    pub(crate) mode: Mode,
}

impl<N: Network> Step<'_, N> {
    /// The forward pass.
    ///
    /// # Panics
    /// If the workspace is for fewer samples.
    #[track_caller]
    pub(crate) fn forward(&self, workspace: &mut Workspace<N>) {
        let Self { net, inputs, division, mode } = *self;
        let part = workspace.part(division);
        threads::take_parts(part, division.parts, &Part::divide, &|part| part.forward(net, inputs, mode));
    }

    /// The mean loss, and its gradient by the output, after the forward pass.
    pub(crate) fn loss(&self, target: &Target<'_, N::Scalar>, workspace: &mut Workspace<N>) -> N::Scalar {
        let Part { output, d_output, .. } = workspace.part(self.division);
        N::LOSS.evaluate(output, target, N::SCORES, Some(d_output))
    }

    /// The gradients of all inputs alone, part after part.
    pub(crate) fn backward_inputs(&self, d_inputs: &mut [N::Scalar], workspace: &mut Workspace<N>) {
        self.back(Part { d_inputs: Some(d_inputs), gradients: &mut [], ..workspace.part(self.division) });
    }

    fn back(&self, part: Part<'_, N>) {
        let Self { net, inputs, division, mode } = *self;
        threads::take_parts(part, division.parts, &Part::divide, &|part| part.backward(net, inputs, mode));
    }

    /// Room for the gradients of all inputs.
    pub(crate) fn room(&self) -> Vec<N::Scalar> {
        vec![N::Scalar::ZERO; part::input_scalars::<N>() * self.division.samples]
    }
}

impl<N: Network + Trainable> Step<'_, N> {
    /// Computes the gradients of the parameters, after the forward pass and from a gradient of the output.
    pub(crate) fn backward(&self, workspace: &mut Workspace<N>) {
        self.back_with_parameters(None, workspace);
    }

    /// The same and the gradients of all inputs, part after part.
    pub(crate) fn backward_all(&self, d_inputs: &mut [N::Scalar], workspace: &mut Workspace<N>) {
        self.back_with_parameters(Some(d_inputs), workspace);
    }

    fn back_with_parameters(&self, d_inputs: Option<&mut [N::Scalar]>, workspace: &mut Workspace<N>) {
        let parts = self.division.parts;
        workspace.gradients[..parts].iter_mut().for_each(N::clear_statistics);
        self.back(Part { d_inputs, ..workspace.part(self.division) });
        part::add_up(&mut workspace.gradients[..parts]);
    }
}
