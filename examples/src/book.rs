//! The book's program: its two-layer network, and how it is trained on MNIST.

use anyhow::{Result, ensure};
use constgrad::idx::{Dataset, Idx};
use constgrad::prelude::*;
use nalgebra::{Const, Dyn, OMatrix};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

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

/// Images of 28 x 28 pixels in 10 classes.
pub type Digits = Dataset<784, 10>;

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

/// Trains a fresh network; `watch` is called after every iteration, once an epoch with the accuracies.
///
/// # Errors
/// If there are no training images, or the loss is no number.
pub fn train(mnist: &Idx<784, 10>, seed: u64, mut watch: impl FnMut(Option<Accuracies>)) -> Result<History> {
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
            train: accuracy(&net, &mnist.train),
            test: accuracy(&net, &mnist.test),
        });
        history.accuracies.extend(accuracies);
        watch(accuracies);
    }
    Ok(history)
}

/// The share of right answers on a whole set, scaled piece by piece: all of MNIST as `f32` would take 188 MB.
fn accuracy(net: &TwoLayerNet, set: &Digits) -> f64 {
    const PIECE: usize = 1000;
    let mut x = OMatrix::<f32, Const<784>, Dyn>::zeros(PIECE);
    let mut labels = [0; PIECE];
    let mut right = 0.0;
    for start in (0..set.len()).step_by(PIECE) {
        let len = PIECE.min(set.len() - start);
        set.gather(start..start + len, &mut x.columns_mut(0, len), &mut labels[..len]);
        right += (net.accuracy(&x.columns(0, len), &labels[..len]) * len as f64).round();
    }
    right / set.len() as f64
}
