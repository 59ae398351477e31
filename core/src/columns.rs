//! What generated methods call beside [`run`](crate::run): the same, where rustc knows the sizes of a matrix.

use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, Dim, Matrix, OMatrix, RawStorage};

use crate::forward_pass::ForwardPass;
use crate::input::{InputSamples, columns};
use crate::input_gradients::InputGradients;
use crate::part::Division;
use crate::run::{self, slices};
use crate::step::Step;
use crate::{Mode, Network, Seed, Shape, Trainable, Workspace};

/// The output of the network, one column a sample.
#[track_caller]
pub fn predict_columns<N, C, const K: usize, const O: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    batch: C,
) -> OMatrix<N::Scalar, Const<O>, C>
where
    N: Network,
    C: Dim,
    DefaultAllocator: Allocator<Const<O>, C>,
{
    let mut output = OMatrix::<N::Scalar, _, _>::zeros_generic(Const, batch);
    let inputs = slices(inputs);
    run::scores(net, &inputs, run::count::<N>(&inputs), output.as_mut_slice());
    output
}

/// A pass that waits for the gradient of its output.
#[track_caller]
pub fn forward_columns<'n, 'w, N: Network, const K: usize, const O: usize>(
    net: &'n N,
    inputs: [InputSamples<'n, N::Scalar>; K],
    mode: Mode,
    workspace: &'w mut Workspace<N>,
) -> ForwardPass<'n, 'w, N, K, Const<O>> {
    const { assert!(N::Output::LEN == O, "the output has as many rows") };
    ForwardPass::new(net, inputs, mode, Const, workspace)
}

/// The gradients by parameters and by inputs, from the gradient of the output.
///
/// # Panics
/// If `d_output` has another number of samples than the inputs.
#[track_caller]
pub fn backward_columns<N: Network + Trainable, C: Dim, const K: usize, const O: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    d_output: &Matrix<N::Scalar, Const<O>, C, impl RawStorage<N::Scalar, Const<O>, C>>,
    seed: Seed,
) -> (N, N::Inputs) {
    let inputs = slices(inputs);
    let samples = run::count_to_train::<N>(&inputs);
    run::check_d_output(d_output.shape(), (N::Output::LEN, samples));
    let division = Division::of::<N>(samples);
    let mut workspace = Workspace::new(samples);
    let step = Step { net, inputs: &inputs, division, mode: Mode::Training(seed) };
    step.forward(&mut workspace);
    workspace.part(division).d_output.copy_from_slice(&columns(d_output));
    let mut d_inputs = step.room();
    step.backward_all(&mut d_inputs, &mut workspace);
    (workspace.into_gradients(), InputGradients::new::<N>(d_inputs, division).into())
}
