//! Runs networks in generic code: a function over `N: Network` predicts and trains with what is here.
//!
//! These functions do what the methods of a declared network of the same names do. They take inputs whose sizes rustc does not
//! know, as slices or as matrices with rows of any number, and look at them when they are called. A network with several inputs
//! takes a tuple. Where a training step draws random numbers they follow from its [`Seed`].
//!
//! ```
//! use constgrad::loss::Classifier;
//! use constgrad::prelude::*;
//! use constgrad::{Seed, run};
//!
//! /// Trains any classifier on one batch, and says how often it is right.
//! fn fit<N>(net: &mut N, samples: &[f32], labels: &[u8]) -> f64
//! where
//!     N: Network<Scalar = f32, Loss: Classifier<f32>> + Trainable,
//! {
//!     let mut workspace = constgrad::Workspace::new(labels.len());
//!     let mut optimizer = Adam::new(0.05);
//!     for _ in 0..100 {
//!         let (_, gradients) = run::gradient_in(net, samples, labels, Seed::ZERO, &mut workspace);
//!         optimizer.step(net, gradients);
//!     }
//!     run::accuracy(net, samples, labels)
//! }
//!
//! network! {
//!     #[loss(softmax_cross_entropy)]
//!     pub struct Xor(x: [2]) -> [2] {
//!         x.affine(8).tanh().affine(2)
//!     }
//! }
//!
//! # use constgrad::rand::{SeedableRng, rngs::SmallRng};
//! let mut net = Xor::init(&mut SmallRng::seed_from_u64(1));
//! let samples = [0., 0., 0., 1., 1., 0., 1., 1.];
//! assert_eq!(fit(&mut net, &samples, &[0, 1, 1, 0]), 1.0);
//! assert_eq!(run::predict(&net, &samples[..4]).shape(), (2, 2));
//! ```
//!
//! Where networks of several types are in one place, [`AnyNetwork`](crate::AnyNetwork) is a trait without types.
// What the caller may have got wrong is looked at first, here, where a panic names the caller's line: from inside a layer, a
// closure or another thread it would name a line of this crate.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use nalgebra::{DMatrix, Dyn};

use constgrad_kernels::threads;

use crate::buffer::Buffer;
use crate::counted::Counted;
use crate::forward_pass::ForwardPass;
use crate::input::{Input, InputSamples, IntoInputs};
use crate::input_gradients::InputGradients;
use crate::loss::{Classifier, Loss};
use crate::network::LayerInfo;
use crate::part::{self, Division};
use crate::step::Step;
use crate::target::Target;
use crate::{Mode, Network, Scalar, Seed, Shape, Trainable, Workspace};

/// The most samples that go through a network together where nothing is kept: they stay in the cache.
pub(crate) const TILE: usize = 128;

/// Caches of up to so many scalars lie on the stack; the smaller sizes save a small network the time to clear the largest.
const STACK: [usize; 3] = [128, 1024, 4096];

/// The output of the network, one column a sample.
///
/// # Panics
/// If the inputs are not those of the network: another number of them, no whole samples, a matrix of another number of rows,
/// indices for scalars, an index that does not exist, or different numbers of samples.
#[must_use]
#[track_caller]
pub fn predict<'a, N, const K: usize>(net: &N, inputs: impl IntoInputs<'a, N::Scalar, K>) -> DMatrix<N::Scalar>
where
    N: Network,
{
    let inputs = inputs.into_inputs(N::INPUTS);
    let inputs = slices(&inputs);
    let samples = count::<N>(&inputs);
    DMatrix::from_vec(N::Output::LEN, samples, all_scores(net, &inputs, samples))
}

/// The mean loss of a batch.
///
/// # Panics
/// As [`predict`], or if the target is not one for the batch.
#[must_use]
#[track_caller]
pub fn loss<'a, N, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
) -> N::Scalar
where
    N: Network,
{
    let inputs = inputs.into_inputs(N::INPUTS);
    loss_of_slices(net, &slices(&inputs), &target.into())
}

/// The share of right answers, between 0 and 1.
///
/// # Panics
/// As [`loss`].
#[must_use]
#[track_caller]
pub fn accuracy<'a, N, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
) -> f64
where
    N: Network<Loss: Classifier<N::Scalar>>,
{
    let (inputs, target) = (inputs.into_inputs(N::INPUTS), target.into());
    let inputs = slices(&inputs);
    let samples = count::<N>(&inputs);
    check::<N>(&target, samples);
    N::LOSS.accuracy(&all_scores(net, &inputs, samples), &target, N::SCORES)
}

/// The mean loss of a batch and its gradient, by back-propagation.
///
/// # Panics
/// As [`loss`], or if the batch is too small for a layer.
#[must_use]
#[track_caller]
pub fn gradient<'a, N, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
    seed: Seed,
) -> (N::Scalar, N)
where
    N: Network + Trainable,
{
    let (inputs, target) = (inputs.into_inputs(N::INPUTS), target.into());
    let inputs = slices(&inputs);
    let samples = count_to_train::<N>(&inputs);
    let mut workspace = Workspace::new(samples);
    let loss = step(net, &inputs, &target, samples, seed, &mut workspace);
    (loss, workspace.into_gradients())
}

/// The mean loss of a batch and its gradient, which stays in the workspace: nothing is allocated.
///
/// # Panics
/// As [`gradient`], or if the workspace is for fewer samples.
#[track_caller]
pub fn gradient_in<'a, 'w, N, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
    seed: Seed,
    workspace: &'w mut Workspace<N>,
) -> (N::Scalar, &'w mut N)
where
    N: Network + Trainable,
{
    let (inputs, target) = (inputs.into_inputs(N::INPUTS), target.into());
    let inputs = slices(&inputs);
    let loss = step(net, &inputs, &target, count_to_train::<N>(&inputs), seed, workspace);
    (loss, workspace.gradients_mut())
}

/// The mean loss of a batch and its gradients by parameters and by inputs.
///
/// # Panics
/// As [`gradient`].
#[must_use]
#[track_caller]
pub fn input_gradient<'a, N, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
    seed: Seed,
) -> (N::Scalar, N, N::Inputs)
where
    N: Network + Trainable,
{
    let (inputs, target) = (inputs.into_inputs(N::INPUTS), target.into());
    let inputs = slices(&inputs);
    let samples = count_to_train::<N>(&inputs);
    check::<N>(&target, samples);
    let division = Division::of::<N>(samples);
    let mut workspace = Workspace::new(samples);
    let step = Step { net, inputs: &inputs, division, mode: Mode::Training(seed) };
    step.forward(&mut workspace);
    let loss = step.loss(&target, &mut workspace);
    let mut d_inputs = step.room();
    step.backward_all(&mut d_inputs, &mut workspace);
    (loss, workspace.into_gradients(), InputGradients::new::<N>(d_inputs, division).into())
}

/// A training pass: its output, and later, from the gradient of that, the gradients. Nothing is allocated.
///
/// # Panics
/// As [`predict`], or if the batch is too small for a layer, or the workspace is for fewer samples.
#[track_caller]
pub fn forward<'n, 'w, N, const K: usize>(
    net: &'n N,
    inputs: impl IntoInputs<'n, N::Scalar, K>,
    seed: Seed,
    workspace: &'w mut Workspace<N>,
) -> ForwardPass<'n, 'w, N, K, Dyn>
where
    N: Network,
{
    ForwardPass::new(net, inputs.into_inputs(N::INPUTS), Mode::Training(seed), Dyn(N::Output::LEN), workspace)
}

/// The same pass as in prediction.
///
/// # Panics
/// As [`predict`], or if the workspace is for fewer samples.
#[track_caller]
pub fn forward_inference<'n, 'w, N, const K: usize>(
    net: &'n N,
    inputs: impl IntoInputs<'n, N::Scalar, K>,
    workspace: &'w mut Workspace<N>,
) -> ForwardPass<'n, 'w, N, K, Dyn>
where
    N: Network,
{
    ForwardPass::new(net, inputs.into_inputs(N::INPUTS), Mode::Inference, Dyn(N::Output::LEN), workspace)
}

/// Forward, loss, backward.
///
/// # Panics
/// If the target is not for so many samples, or the workspace is for fewer.
#[track_caller]
fn step<N: Network + Trainable>(
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
    let (rows_given, columns_given) = (Counted(rows, "row"), Counted(columns, "column"));
    assert!(columns == output.1, "the gradient of the output has {columns_given}, the batch {}", output.1);
    assert!(rows == output.0, "the gradient of the output has {rows_given}, the output {}", output.0);
}

/// # Panics
/// If this is no target for `samples` samples of the network.
#[track_caller]
pub(crate) fn check<N: Network>(target: &Target<'_, N::Scalar>, samples: usize) {
    target.check(samples, N::Output::LEN / N::SCORES, N::SCORES);
}

#[track_caller]
pub(crate) fn loss_of_slices<N: Network>(
    net: &N,
    inputs: &[Input<'_, N::Scalar>],
    target: &Target<'_, N::Scalar>,
) -> N::Scalar {
    let samples = count::<N>(inputs);
    check::<N>(target, samples);
    N::LOSS.evaluate(&all_scores(net, inputs, samples), target, N::SCORES, None)
}

/// The scores of every sample.
pub(crate) fn all_scores<N: Network>(net: &N, inputs: &[Input<'_, N::Scalar>], samples: usize) -> Vec<N::Scalar> {
    let mut output = vec![N::Scalar::ZERO; N::Output::LEN * samples];
    scores(net, inputs, samples, &mut output);
    output
}

/// Writes the scores of every sample to `output`.
pub(crate) fn scores<N: Network>(net: &N, inputs: &[Input<'_, N::Scalar>], samples: usize, output: &mut [N::Scalar]) {
    let cost = N::MULTIPLY_ADDS.saturating_mul(samples);
    let threads = threads::available(cost).min(samples);
    let divide = |(samples, output): (Range<usize>, _), some, all| {
        let middle = samples.start + samples.len() * some / all;
        let (first, rest) = <[_]>::split_at_mut(output, (middle - samples.start) * N::Output::LEN);
        ((samples.start..middle, first), (middle..samples.end, rest))
    };
    let tiles = |(some, output)| tiles(net, inputs, some, samples, output);
    threads::inside(cost, || threads::share((0..samples, output), threads, &divide, &tiles));
}

/// Writes the scores of some of `all` samples to `output`, tile by tile.
fn tiles<N: Network>(
    net: &N,
    inputs: &[Input<'_, N::Scalar>],
    some: Range<usize>,
    all: usize,
    output: &mut [N::Scalar],
) {
    with_cache(N::CACHE * some.len().min(TILE), |cache| {
        for start in some.clone().step_by(TILE) {
            let tile = start..(start + TILE).min(some.end);
            let samples = tile.len();
            let output = &mut output[(start - some.start) * N::Output::LEN..][..samples * N::Output::LEN];
            part::with_inputs::<N>(inputs, tile, all, |inputs| {
                net.forward_slices(inputs, output, &mut cache[..N::CACHE * samples], samples, Mode::Inference);
            });
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
    inputs.each_ref().map(InputSamples::input)
}

/// The batch size of all inputs.
///
/// # Panics
/// If they are not those of the network, or differ in their number of samples: a layer would find out too, but sees a part of
/// the batch only.
#[track_caller]
pub(crate) fn count<N: Network>(inputs: &[Input<'_, N::Scalar>]) -> usize {
    let (given, taken) = (inputs.len(), N::INPUTS.len());
    assert!(given == taken, "a network of {} was given {given}", Counted(taken, "input"));
    let mut batch = None;
    for (input, info) in inputs.iter().zip(N::INPUTS) {
        let count = input.count(info);
        let samples = *batch.get_or_insert(count);
        assert!(count == samples, "one input has {}, another {count}", Counted(samples, "sample"));
    }
    batch.unwrap_or_default()
}

/// The batch size of all inputs of a training step.
///
/// # Panics
/// As [`count`], or if the batch is too small for a layer.
#[track_caller]
pub(crate) fn count_to_train<N: Network>(inputs: &[Input<'_, N::Scalar>]) -> usize {
    let samples = count::<N>(inputs);
    if let Some(LayerInfo { name, least_samples, .. }) =
        N::LAYERS.iter().find(|layer| (1..layer.least_samples).contains(&samples))
    {
        panic!(
            "a training step was given {}, but `{name}` takes {least_samples} or more: one value a channel has no variance",
            Counted(samples, "sample")
        );
    }
    samples
}
