//! Runs a network: prediction, loss, accuracy and gradients of a batch.
//!
//! What the caller may have got wrong is looked at first, here, where a panic names the caller's line: from inside a layer, a
//! closure or another thread it would name a line of this crate.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, Dim, OMatrix};

use constgrad_kernels::threads;

use crate::buffer::Buffer;
use crate::forward_pass::ForwardPass;
use crate::input_gradients::InputGradients;
use crate::loss::{Classifier, Loss};
use crate::network::{LayerInfo, Port};
use crate::part::Division;
use crate::samples::{Input, InputSamples, Samples};
use crate::step::Step;
use crate::target::Target;
use crate::{Mode, Network, Scalar, Seed, Shape, Workspace};

/// The most samples that go through a network together where nothing is kept: they stay in the cache.
pub(crate) const TILE: usize = 128;

/// Caches of up to so many scalars lie on the stack; the smaller sizes save a small network the time to clear the largest.
const STACK: [usize; 3] = [128, 1024, 4096];

/// The output of the network, one column a sample.
#[track_caller]
pub fn predict<N, C, const K: usize, const O: usize>(
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
    scores(net, inputs, count::<N, K>(inputs), output.as_mut_slice());
    output
}

/// A pass that waits for the gradient of its output.
#[track_caller]
pub fn forward<'n, 'w, N: Network, const K: usize, const O: usize>(
    net: &'n N,
    inputs: [InputSamples<'n, N::Scalar>; K],
    mode: Mode,
    workspace: &'w mut Workspace<N>,
) -> ForwardPass<'n, 'w, N, K, Const<O>> {
    const { assert!(N::Output::LEN == O, "the output has as many rows") };
    ForwardPass::new(net, inputs, mode, Const, workspace)
}

/// The mean loss of a batch.
#[track_caller]
pub fn loss<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
) -> N::Scalar {
    let samples = count::<N, K>(inputs);
    check::<N>(target, samples);
    N::LOSS.evaluate(&all_scores(net, inputs, samples), target, N::SCORES, None)
}

/// The share of right answers.
#[track_caller]
pub fn accuracy<N: Network<Loss: Classifier<N::Scalar>>, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
) -> f64 {
    let samples = count::<N, K>(inputs);
    check::<N>(target, samples);
    N::LOSS.accuracy(&all_scores(net, inputs, samples), target, N::SCORES)
}

/// The mean loss of a batch and its gradient.
#[track_caller]
pub fn gradient<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
    seed: Seed,
) -> (N::Scalar, N) {
    let samples = count_to_train::<N, K>(inputs);
    let mut workspace = Workspace::new(samples);
    let loss = step(net, &slices(inputs), target, samples, seed, &mut workspace);
    (loss, workspace.into_gradients())
}

/// The mean loss of a batch and its gradient, which stays in the workspace.
#[track_caller]
pub fn gradient_in<'w, N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
    seed: Seed,
    workspace: &'w mut Workspace<N>,
) -> (N::Scalar, &'w mut N) {
    let loss = step(net, &slices(inputs), target, count_to_train::<N, K>(inputs), seed, workspace);
    (loss, workspace.gradients_mut())
}

/// The mean loss of a batch and its gradients by parameters and by inputs.
#[track_caller]
pub fn input_gradient<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
    seed: Seed,
) -> (N::Scalar, N, N::Inputs) {
    let samples = count_to_train::<N, K>(inputs);
    check::<N>(target, samples);
    let division = Division::of::<N>(samples);
    let mut workspace = Workspace::new(samples);
    let step = Step { net, inputs: &slices(inputs), division, mode: Mode::Training(seed) };
    step.forward(&mut workspace);
    let loss = step.loss(target, &mut workspace);
    let mut d_inputs = step.room();
    step.backward_all(&mut d_inputs, &mut workspace);
    (loss, workspace.into_gradients(), InputGradients::new::<N>(d_inputs, division).into())
}

/// The gradients by parameters and by inputs, from the gradient of the output.
///
/// # Panics
/// If `d_output` has another number of samples than the inputs.
#[track_caller]
pub fn backward<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    d_output: &Samples<'_, N::Scalar>,
    seed: Seed,
) -> (N, N::Inputs) {
    let samples = count_to_train::<N, K>(inputs);
    check_d_output((N::Output::LEN, d_output.count()), (N::Output::LEN, samples));
    let division = Division::of::<N>(samples);
    let mut workspace = Workspace::new(samples);
    let step = Step { net, inputs: &slices(inputs), division, mode: Mode::Training(seed) };
    step.forward(&mut workspace);
    workspace.part(division).d_output.copy_from_slice(d_output.as_slice());
    let mut d_inputs = step.room();
    step.backward_all(&mut d_inputs, &mut workspace);
    (workspace.into_gradients(), InputGradients::new::<N>(d_inputs, division).into())
}

/// Forward, loss, backward.
///
/// # Panics
/// If the target is not for so many samples, or the workspace is for fewer.
#[track_caller]
fn step<N: Network>(
    net: &N,
    inputs: &[Input<'_, N::Scalar>],
    target: &Target<'_, N::Scalar>,
    samples: usize,
    seed: Seed,
    workspace: &mut Workspace<N>,
) -> N::Scalar {
    check::<N>(target, samples);
    let step = Step { net, inputs, division: Division::of::<N>(samples), mode: Mode::Training(seed) };
    step.forward(workspace);
    let loss = step.loss(target, workspace);
    step.backward(workspace);
    loss
}

/// # Panics
/// If a gradient of the output of so many columns is not that of a batch of so many samples.
#[track_caller]
pub(crate) fn check_d_output((rows, columns): (usize, usize), output: (usize, usize)) {
    assert!(columns == output.1, "the gradient of the output has {columns} columns, the batch {}", output.1);
    assert!(rows == output.0, "the gradient of the output has {rows} rows, the output {}", output.0);
}

/// # Panics
/// If this is no target for `samples` samples of the network.
#[track_caller]
pub(crate) fn check<N: Network>(target: &Target<'_, N::Scalar>, samples: usize) {
    target.check(samples, N::Output::LEN / N::SCORES, N::SCORES);
}

fn all_scores<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    samples: usize,
) -> Vec<N::Scalar> {
    let mut output = vec![N::Scalar::ZERO; N::Output::LEN * samples];
    scores(net, inputs, samples, &mut output);
    output
}

/// Writes the scores of every sample to `output`.
fn scores<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    samples: usize,
    output: &mut [N::Scalar],
) {
    let cost = N::MULTIPLY_ADDS.saturating_mul(samples);
    let threads = threads::available(cost).min(samples);
    let divide = |(samples, output): (Range<usize>, _), some, all| {
        let middle = samples.start + samples.len() * some / all;
        let (first, rest) = <[_]>::split_at_mut(output, (middle - samples.start) * N::Output::LEN);
        ((samples.start..middle, first), (middle..samples.end, rest))
    };
    let tiles = |(samples, output)| tiles(net, inputs, samples, output);
    threads::inside(cost, || threads::share((0..samples, output), threads, &divide, &tiles));
}

/// Writes the scores of some samples to `output`, tile by tile.
fn tiles<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    samples: Range<usize>,
    output: &mut [N::Scalar],
) {
    with_cache(N::CACHE * samples.len().min(TILE), |cache| {
        for start in samples.clone().step_by(TILE) {
            let tile = start..(start + TILE).min(samples.end);
            let mut index = 0;
            let inputs = inputs.each_ref().map(|input| {
                index += 1;
                N::INPUTS[index - 1].range(&input.all(), tile.clone())
            });
            let output = &mut output[(start - samples.start) * N::Output::LEN..][..tile.len() * N::Output::LEN];
            net.forward_slices(&inputs, output, &mut cache[..N::CACHE * tile.len()], tile.len(), Mode::Inference);
        }
    });
}

/// Calls `run` with `len` zeros, on the stack where they are few.
fn with_cache<T: Scalar>(len: usize, run: impl FnOnce(&mut [T])) {
    if len <= STACK[0] {
        run(&mut [T::ZERO; STACK[0]][..len]);
    } else if len <= STACK[1] {
        run(&mut [T::ZERO; STACK[1]][..len]);
    } else if len <= STACK[2] {
        run(&mut [T::ZERO; STACK[2]][..len]);
    } else {
        run(Buffer::zeros(len).as_mut_slice());
    }
}

pub(crate) fn slices<'a, T: Scalar, const K: usize>(inputs: &'a [InputSamples<'_, T>; K]) -> [Input<'a, T>; K] {
    inputs.each_ref().map(InputSamples::all)
}

/// The batch size of all inputs.
///
/// # Panics
/// If they differ in it, or an index is too great: a layer would find out too, but sees a part of the batch only.
#[track_caller]
pub(crate) fn count<N: Network, const K: usize>(inputs: &[InputSamples<'_, N::Scalar>; K]) -> usize {
    let samples = inputs[0].count();
    for (input, Port { name, dims, indices }) in inputs.iter().zip(N::INPUTS) {
        assert!(input.count() == samples, "one input has {samples} samples, another {}", input.count());
        let (InputSamples::Indices(given), Some(count)) = (input, indices) else { continue };
        if let Some(place) = given.as_slice().iter().position(|index| index >= count) {
            let (index, len) = (given.as_slice()[place], dims.iter().product::<usize>());
            let (sample, position) = (place / len, place % len);
            panic!(
                "sample {sample} of `{name}` has index {index} at position {position}, but indices are below {count}"
            );
        }
    }
    samples
}

/// The batch size of all inputs of a training step.
///
/// # Panics
/// As [`count`], or if the batch is too small for a layer.
#[track_caller]
pub(crate) fn count_to_train<N: Network, const K: usize>(inputs: &[InputSamples<'_, N::Scalar>; K]) -> usize {
    let samples = count::<N, K>(inputs);
    if let Some(LayerInfo { name, least_samples, .. }) =
        N::LAYERS.iter().find(|layer| (1..layer.least_samples).contains(&samples))
    {
        panic!(
            "a training step was given {samples} sample, but `{name}` takes {least_samples} or more: one value a channel has \
             no variance"
        );
    }
    samples
}
