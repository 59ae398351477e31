//! The book's program: its two-layer network, and how it is trained on MNIST.

use anyhow::{Result, ensure};
use constgrad::idx::Idx;
use constgrad::prelude::*;
use nalgebra::{Const, Dyn, OMatrix};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::digits;

network! {
    /// The two-layer classifier of the book.
    #[loss(softmax_cross_entropy)]
    pub struct TwoLayerNet(x: [784]) -> [10] {
        x.affine(50).relu().affine(10)
    }
}

/// The number of training steps.
pub const ITERATIONS: usize = 10_000;
/// How the weights are drawn.
pub const INIT: Init = Init::Normal { std: 0.01 };

const BATCH: usize = 100;
const LEARNING_RATE: f32 = 0.1;

/// What is kept of a training.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Of every batch, before the update that it led to.
    pub losses: Vec<f32>,
    /// Once an epoch.
    pub accuracies: Vec<Accuracies>,
}

/// The shares of right answers at one time of a training.
#[derive(Clone, Copy, Debug)]
pub struct Accuracies {
    /// The last iteration before it, the first being 0.
    pub iteration: usize,
    /// On the training images.
    pub train: f64,
    /// On the test images.
    pub test: f64,
}

/// The trained network, and its history; `watch` is called after every iteration, once an epoch with the accuracies.
///
/// # Errors
/// If there are no training images, or the loss is no number.
pub fn train(
    mnist: &Idx<784, 10>,
    seed: u64,
    mut watch: impl FnMut(Option<Accuracies>),
) -> Result<(TwoLayerNet, History)> {
    ensure!(!mnist.train.is_empty(), "there are no training images");
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut net = TwoLayerNet::<f32>::init_with(INIT, &mut rng);
    let mut sgd = Sgd::new(LEARNING_RATE);
    let mut workspace = TwoLayerNet::workspace(BATCH);
    let mut x = OMatrix::<f32, Const<784>, Dyn>::zeros(BATCH);
    let mut labels = [0; BATCH];
    let epoch = (mnist.train.len() / BATCH).max(1);
    let mut history = History::default();
    for iteration in 0..ITERATIONS {
        let draws = (0..BATCH).map(|_| rng.random_range(0..mnist.train.len()));
        mnist.train.gather(draws, &mut x, &mut labels);
        let (loss, gradients) = net.gradient_in(&x, &labels[..], &mut workspace);
        ensure!(!loss.is_nan(), "the loss is NaN at iteration {iteration}");
        sgd.step(&mut net, gradients);
        history.losses.push(loss);
        let accuracies = iteration.is_multiple_of(epoch).then(|| Accuracies {
            iteration,
            train: digits::accuracy(&mnist.train, |x, labels| net.accuracy(x, labels)),
            test: digits::accuracy(&mnist.test, |x, labels| net.accuracy(x, labels)),
        });
        history.accuracies.extend(accuracies);
        watch(accuracies);
    }
    Ok((net, history))
}
