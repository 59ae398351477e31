//! Runs a network: prediction, loss, accuracy and gradients of a batch.

use alloc::vec;
use alloc::vec::Vec;

use nalgebra::allocator::Allocator;
use nalgebra::{Const, DefaultAllocator, Dim, OMatrix};

use crate::buffer::Buffer;
use crate::loss::{Classifier, Loss};
use crate::network::{Input, Pass};
use crate::samples::{InputSamples, Samples};
use crate::target::Target;
use crate::{Mode, Network, Scalar, Seed, Shape, Workspace, kernel};

/// The most samples that go through a network together where nothing is kept: they stay in the cache.
const TILE: usize = 128;

/// Caches of up to so many scalars lie on the stack; the smaller sizes save a small network the time to clear the largest.
const STACK: [usize; 3] = [128, 1024, 4096];

/// The output of the network, one column a sample.
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
    scores(net, inputs, output.as_mut_slice());
    output
}

/// The mean loss of a batch.
pub fn loss<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
) -> N::Scalar {
    N::LOSS.evaluate(&all_scores(net, inputs), target, N::SCORES, None)
}

/// The share of right answers.
pub fn accuracy<N: Network<Loss: Classifier<N::Scalar>>, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
) -> f64 {
    N::LOSS.accuracy(&all_scores(net, inputs), target, N::SCORES)
}

/// The mean loss of a batch and its gradient.
pub fn gradient<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
    seed: Seed,
) -> (N::Scalar, N) {
    let mut workspace = Workspace::new(count(inputs));
    let loss = gradient_in(net, inputs, target, seed, &mut workspace).0;
    (loss, workspace.gradients)
}

/// The mean loss of a batch and its gradient, which stays in the workspace.
pub fn gradient_in<'w, N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
    seed: Seed,
    workspace: &'w mut Workspace<N>,
) -> (N::Scalar, &'w N) {
    let loss = step(net, &slices(inputs), target, count(inputs), seed, None, workspace);
    (loss, &workspace.gradients)
}

/// The mean loss of a batch and its gradients by parameters and by inputs.
pub fn input_gradient<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    target: &Target<'_, N::Scalar>,
    seed: Seed,
) -> (N::Scalar, N, Vec<N::Scalar>) {
    let samples = count(inputs);
    let mut workspace = Workspace::new(samples);
    let mut d_inputs = room_for(inputs);
    let loss = step(net, &slices(inputs), target, samples, seed, Some(&mut d_inputs), &mut workspace);
    (loss, workspace.gradients, d_inputs)
}

/// The gradients by parameters and by inputs, from the gradient of the output.
///
/// # Panics
/// If `d_output` has another number of samples than the inputs.
pub fn backward<N: Network, const K: usize>(
    net: &N,
    inputs: &[InputSamples<'_, N::Scalar>; K],
    d_output: &Samples<'_, N::Scalar>,
    seed: Seed,
) -> (N, Vec<N::Scalar>) {
    let samples = count(inputs);
    assert!(
        d_output.count() == samples,
        "the gradient of the output has {} columns, the batch {samples}",
        d_output.count()
    );
    let mut workspace = Workspace::new(samples);
    let mut d_inputs = room_for(inputs);
    let inputs = slices(inputs);
    let Workspace { output, cache, scratch, gradients, .. } = &mut workspace;
    let [output, cache, scratch] = [output, cache, scratch].map(Buffer::as_mut_slice);
    net.forward_slices(&inputs, output, cache, samples, Mode::Training(seed));
    let pass = Pass { inputs: &inputs, output, cache, d_output: d_output.as_slice(), scratch, samples };
    net.backward_slices(pass, Some(&mut d_inputs), Some(gradients));
    (workspace.gradients, d_inputs)
}

/// Forward, loss, backward.
pub(crate) fn step<N: Network>(
    net: &N,
    inputs: &[Input<'_, N::Scalar>],
    target: &Target<'_, N::Scalar>,
    samples: usize,
    seed: Seed,
    d_inputs: Option<&mut [N::Scalar]>,
    workspace: &mut Workspace<N>,
) -> N::Scalar {
    assert!(
        samples <= workspace.samples(),
        "a workspace for {} samples was given a batch of {samples}",
        workspace.samples()
    );
    let output = &mut workspace.output.as_mut_slice()[..N::Output::LEN * samples];
    let d_output = &mut workspace.d_output.as_mut_slice()[..N::Output::LEN * samples];
    let cache = &mut workspace.cache.as_mut_slice()[..N::CACHE * samples];
    let scratch = &mut workspace.scratch.as_mut_slice()[..Workspace::<N>::scratch(samples)];
    // A gradient takes two products for each of the forward pass.
    kernel::awake(N::MULTIPLY_ADDS.saturating_mul(3 * samples), || {
        net.forward_slices(inputs, output, cache, samples, Mode::Training(seed));
        let loss = N::LOSS.evaluate(output, target, N::SCORES, Some(d_output));
        let pass = Pass { inputs, output, cache, d_output, scratch, samples };
        net.backward_slices(pass, d_inputs, Some(&mut workspace.gradients));
        loss
    })
}

fn all_scores<N: Network, const K: usize>(net: &N, inputs: &[InputSamples<'_, N::Scalar>; K]) -> Vec<N::Scalar> {
    let mut output = vec![N::Scalar::ZERO; N::Output::LEN * count(inputs)];
    scores(net, inputs, &mut output);
    output
}

/// Writes the scores of every sample to `output`, tile by tile.
fn scores<N: Network, const K: usize>(net: &N, inputs: &[InputSamples<'_, N::Scalar>; K], output: &mut [N::Scalar]) {
    let samples = count(inputs);
    let tile = samples.min(TILE);
    let mut run = |cache: &mut [N::Scalar]| {
        for start in (0..samples).step_by(TILE) {
            let tile = tile.min(samples - start);
            let mut index = 0;
            let inputs = inputs.each_ref().map(|input| {
                let len: usize = N::INPUTS[index].dims.iter().product();
                index += 1;
                input.range(start..start + tile, len)
            });
            let output = &mut output[start * N::Output::LEN..(start + tile) * N::Output::LEN];
            net.forward_slices(&inputs, output, &mut cache[..N::CACHE * tile], tile, Mode::Inference);
        }
    };
    with_cache(N::CACHE * tile, |cache| kernel::awake(N::MULTIPLY_ADDS.saturating_mul(samples), || run(cache)));
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

fn slices<'a, T: Scalar, const K: usize>(inputs: &'a [InputSamples<'_, T>; K]) -> [Input<'a, T>; K] {
    inputs.each_ref().map(InputSamples::all)
}

/// The batch size of all inputs.
pub(crate) fn count<T: Scalar, const K: usize>(inputs: &[InputSamples<'_, T>; K]) -> usize {
    let samples = inputs[0].count();
    for input in inputs {
        assert!(input.count() == samples, "one input has {samples} samples, another {}", input.count());
    }
    samples
}

/// Room for the gradients of all inputs of scalars.
fn room_for<T: Scalar, const K: usize>(inputs: &[InputSamples<'_, T>; K]) -> Vec<T> {
    let len = |input: &InputSamples<'_, T>| match input {
        InputSamples::Scalars(samples) => samples.as_slice().len(),
        InputSamples::Indices(_) => 0,
    };
    vec![T::ZERO; inputs.iter().map(len).sum()]
}
