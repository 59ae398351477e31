//! Training reaches what it should, with every loss, and the same bits each time.

use constgrad::prelude::*;
use nalgebra::matrix;
use rand::RngExt;

use super::{Columns, random, rng, scalars};

network! {
    /// Two intertwined spirals, told apart as two classes.
    #[loss(softmax_cross_entropy)]
    struct Spirals(x: [2]) -> [2] { x.affine(32).tanh().affine(32).tanh().affine(2) }
}

network! {
    #[loss(binary_cross_entropy_with_logits)]
    struct Xor(x: [2]) -> [1] { x.affine(8).tanh().affine(1) }
}

network! {
    #[loss(mean_squared_error)]
    struct Wave(x: [1]) -> [1] { x.affine(16).tanh().affine(1) }
}

network! {
    #[loss(huber(delta = 0.5))]
    struct Line(x: [1]) -> [1] { x.affine(1) }
}

/// Points on one spiral and, opposite, on the other.
fn spirals(points: usize) -> (Columns<f64, 2>, Vec<u8>) {
    let angle = |point: usize| 0.5 + 6.0 * (point / 2) as f64 / (points / 2) as f64;
    let sign = |point: usize| if point.is_multiple_of(2) { 1.0 } else { -1.0 };
    let x = Columns::from_fn(points, |row, point| {
        let direction = [angle(point).cos(), angle(point).sin()][row];
        sign(point) * angle(point) / 3.0 * direction
    });
    (x, (0..points).map(|point| u8::from(point % 2 == 1)).collect())
}

fn train_spirals(seed: u64) -> (Spirals<f64>, f64) {
    let (x, classes) = spirals(200);
    let mut net = Spirals::<f64>::init(&mut rng(seed));
    let (mut momentum, mut workspace) = (Momentum::new(0.1, 0.9), Spirals::workspace(200));
    for _ in 0..1000 {
        let gradients = net.gradient_in(&x, &classes, &mut workspace).1;
        momentum.step(&mut net, gradients);
    }
    let accuracy = net.accuracy(&x, &classes);
    (net, accuracy)
}

#[test]
fn spirals_are_told_apart_and_training_is_reproducible() {
    let (net, accuracy) = train_spirals(1);
    assert_eq!(accuracy, 1.0);
    let again = train_spirals(1).0;
    assert!(scalars(&net).iter().zip(scalars(&again)).all(|(left, right)| left.to_bits() == right.to_bits()));
    assert_ne!(net, train_spirals(2).0);
}

#[test]
fn exclusive_or_is_learnt_by_descent() {
    let x = matrix![0.0, 0.0, 1.0, 1.0; 0.0, 1.0, 0.0, 1.0];
    let target = matrix![0.0, 1.0, 1.0, 0.0];
    for seed in 0..3 {
        let mut net = Xor::<f32>::init(&mut rng(seed));
        for _ in 0..1000 {
            let gradients = net.gradient(&x, &target).1;
            Sgd::new(1.0).step(&mut net, &gradients);
        }
        assert_eq!(net.accuracy(&x, &target), 1.0);
        assert!(net.loss(&x, &target) < 0.05, "seed {seed}: {}", net.loss(&x, &target));
    }
}

#[test]
fn a_wave_is_fitted_where_it_was_not_seen() {
    let wave = |x: &Columns<f64, 1>| x.map(|x| (3.0 * x).sin());
    let (seen, unseen) = (random::<1>(100, 1), random::<1>(100, 2));
    let mut net = Wave::<f64>::init(&mut rng(3));
    let mut momentum = Momentum::new(0.1, 0.9);
    for _ in 0..2000 {
        let gradients = net.gradient(&seen, &wave(&seen)).1;
        momentum.step(&mut net, &gradients);
    }
    let loss = net.loss(&unseen, &wave(&unseen));
    assert!(loss < 5e-3, "{loss}");
}

/// One target in ten is far off: where squared errors would follow it, the line stays near the others.
#[test]
fn outliers_hardly_move_a_line() {
    let x = random::<1>(100, 1);
    let mut noise = rng(2);
    let target = Columns::<f64, 1>::from_fn(100, |_, column| {
        let outlier = if column % 10 == 0 { 20.0 } else { 0.0 };
        2.0 * x[column] - 1.0 + 0.01 * noise.random_range(-1.0..1.0) + outlier
    });
    let mut net = Line::<f64>::init(&mut rng(3));
    for _ in 0..2000 {
        let gradients = net.gradient(&x, &target).1;
        Sgd::new(0.5).step(&mut net, &gradients);
    }
    let (slope, height) = (net.affine1.weight[0], net.affine1.bias[0]);
    assert!((slope - 2.0).abs() < 0.1 && (height + 1.0).abs() < 0.1, "{slope} {height}");
}
