//! The workloads, computed by constgrad.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use constgrad::Scalar;
use constgrad::idx::Idx;
use constgrad::prelude::*;
use constgrad_examples::book::{self, TwoLayerNet};
use constgrad_examples::lenet::LeNet;
use harness::{Clock, batches, numbers};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::affine;

network! {
    #[loss(softmax_cross_entropy)]
    struct ThreeLayerNet(x: [784]) -> [10] {
        x.affine(512).relu().affine(256).relu().affine(10)
    }
}

network! {
    struct Policy(observation: [4]) -> [2] {
        observation.affine(64).tanh().affine(64).tanh().affine(2)
    }
}

type Images<T> = OMatrix<T, Const<784>, Dyn>;

/// The microseconds of a step of a workload.
pub(crate) fn measure(workload: &str) -> Option<f64> {
    Some(match workload {
        "W1" => train_two_layers::<f32>(),
        "W1-f64" => train_two_layers::<f64>(),
        "W2" => train_three_layers(),
        "W3a" => classify_one(),
        "W3b" => act_once(),
        "W4" => train_lenet(),
        "W5" => classify_many(),
        "W6" => run_the_book(),
        product => affine::measure(product.parse().ok()?)?,
    })
}

fn rng() -> SmallRng {
    SmallRng::seed_from_u64(1)
}

fn images<T: Scalar>(pixels: &[f32]) -> Images<T> {
    Images::from_iterator(pixels.len() / 784, pixels.iter().map(|&pixel| T::nearest(f64::from(pixel))))
}

fn train_two_layers<T: Scalar>() -> f64 {
    let mut net = TwoLayerNet::<T>::init(&mut rng());
    let mut sgd = Sgd::new(T::nearest(0.1));
    let mut workspace = TwoLayerNet::workspace(100);
    train(100, |x, labels| {
        let (loss, gradients) = net.gradient_in(x, labels, &mut workspace);
        sgd.step(&mut net, gradients);
        black_box(loss);
    })
}

fn train_three_layers() -> f64 {
    let mut net = ThreeLayerNet::<f32>::init(&mut rng());
    let mut adam = Adam::new(1e-3);
    let mut workspace = ThreeLayerNet::workspace(128);
    train(128, |x, labels| {
        let (loss, gradients) = net.gradient_in(x, labels, &mut workspace);
        adam.step(&mut net, gradients);
        black_box(loss);
    })
}

fn train_lenet() -> f64 {
    let mut net = LeNet::<f32>::init(&mut rng());
    let mut sgd = Sgd::new(0.1);
    let mut workspace = LeNet::workspace(64);
    train(64, |x, labels| {
        let (loss, gradients) = net.gradient_in(x, labels, &mut workspace);
        sgd.step(&mut net, gradients);
        black_box(loss);
    })
}

/// Takes one step a batch, on the batches in rotation.
fn train<T: Scalar>(samples: usize, mut step: impl FnMut(&Images<T>, &[u8])) -> f64 {
    let batches = batches(samples, 784).into_iter().map(|(pixels, labels)| (images(&pixels), labels));
    let batches: Vec<_> = batches.collect();
    let mut batches = batches.iter().cycle();
    Clock::STEP.time(|| {
        let (x, labels) = batches.next().expect("a cycle does not end");
        step(black_box(x), black_box(labels));
    })
}

fn classify_one() -> f64 {
    let net = TwoLayerNet::<f32>::init(&mut rng());
    let x = SVector::<f32, 784>::from_iterator(numbers(784));
    Clock::STEP.time(|| {
        black_box(black_box(&net).predict(black_box(&x)));
    })
}

fn act_once() -> f64 {
    let net = Policy::<f32>::init(&mut rng());
    let observation = SVector::<f32, 4>::from_iterator(numbers(4));
    Clock::STEP.time(|| {
        black_box(black_box(&net).predict(black_box(&observation)));
    })
}

fn classify_many() -> f64 {
    let net = ThreeLayerNet::<f32>::init(&mut rng());
    let x = images(&numbers(1024 * 784));
    Clock::STEP.time(|| {
        black_box(black_box(&net).predict(black_box(&x)));
    })
}

/// Once: it takes seconds.
fn run_the_book() -> f64 {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/mnist");
    let mnist = Idx::open(data).expect("the files of MNIST come with the repository");
    let start = Instant::now();
    let history = book::train(&mnist, 0, |_| {}).expect("the book's training ends well");
    black_box(history);
    start.elapsed().as_secs_f64() * 1e6
}
