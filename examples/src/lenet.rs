//! The convolutional network of "Gradient-Based Learning Applied to Document Recognition" (`LeCun` and others, 1998), as it is
//! built today, with rectifiers and max pools, and how it is trained on MNIST.

use anyhow::{Result, ensure};
use constgrad::prelude::*;
use nalgebra::{Const, Dyn, OMatrix};
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::SliceRandom;

use crate::digits::Digits;

network! {
    /// Handwritten digits, from two convolutions.
    #[loss(softmax_cross_entropy)]
    pub struct LeNet(x: [1, 28, 28]) -> [10] {
        let c1: [6, 12, 12] = x.conv2d(6, kernel = 5).relu().max_pool2d(2);
        let c2: [16, 4, 4] = c1.conv2d(16, kernel = 5).relu().max_pool2d(2);
        c2.flatten().affine(120).relu().affine(84).relu().affine(10)
    }
}

/// How often every training image is seen.
pub const EPOCHS: usize = 12;

const BATCH: usize = 64;
/// At the start; it falls to 0 in a straight line.
const LEARNING_RATE: f32 = 2e-3;

/// Trains a fresh network; `watch` is called after every epoch with its number and the mean loss in it.
///
/// # Errors
/// If there is not even a batch of training images, or the loss is no number.
pub fn train(train: &Digits, seed: u64, mut watch: impl FnMut(usize, f32, &LeNet)) -> Result<LeNet> {
    ensure!(train.len() >= BATCH, "training takes {BATCH} images or more, there are {}", train.len());
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut net = LeNet::<f32>::init(&mut rng);
    let mut adam = Adam::new(LEARNING_RATE);
    let mut workspace = LeNet::workspace(BATCH);
    let mut x = OMatrix::<f32, Const<784>, Dyn>::zeros(BATCH);
    let mut labels = [0; BATCH];
    let mut order: Vec<usize> = (0..train.len()).collect();
    let steps = train.len() / BATCH;
    for epoch in 0..EPOCHS {
        order.shuffle(&mut rng);
        let mut total = 0.0;
        for (step, batch) in order.chunks_exact(BATCH).enumerate() {
            adam.learning_rate = LEARNING_RATE * (1.0 - (epoch * steps + step) as f32 / (EPOCHS * steps) as f32);
            train.gather(batch.iter().copied(), &mut x, &mut labels);
            let (loss, gradients) = net.gradient_in(&x, &labels[..], &mut workspace);
            ensure!(!loss.is_nan(), "the loss is NaN in epoch {}", epoch + 1);
            adam.step(&mut net, gradients);
            total += loss;
        }
        watch(epoch + 1, total / steps as f32, &net);
    }
    Ok(net)
}
