//! Training reaches what it should, with every loss, and the same bits each time.

use constgrad::prelude::*;
use nalgebra::matrix;
use rand::RngExt;

use super::{Columns, assert_close, random, rng, scalars};

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

network! {
    #[loss(mean_squared_error)]
    struct Normed(x: [4]) -> [4] {
        x.batch_norm()
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Around(x: [4]) -> [4] {
        x.affine(4).net::<Normed>()
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Fixed(x: [4]) -> [4] {
        #[frozen]
        let seen = x.batch_norm();
        seen.affine(4)
    }
}

network! {
    #[loss(mean_squared_error)]
    struct OfImages(x: [1, 2, 2]) -> [1, 2, 2] {
        x.batch_norm()
    }
}

/// The message of a panic.
fn refusal<R>(run: impl FnOnce() -> R) -> String {
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
    *result.err().expect("it is refused").downcast::<String>().expect("a message")
}

#[test]
fn a_training_step_of_one_value_a_channel_is_refused() {
    let message = |layer| {
        format!(
            "a training step was given 1 sample, but `{layer}` takes 2 or more: one value a channel has no variance"
        )
    };
    let (one, two) = (random::<4>(1, 1), random::<4>(2, 1));
    let net = Normed::<f64>::init(&mut rng(1));
    let mut workspace = Normed::workspace(2);
    assert_eq!(refusal(|| net.gradient(&one, &one)), message("batch_norm1"));
    assert_eq!(refusal(|| net.gradient_in(&one, &one, &mut workspace).0), message("batch_norm1"));
    assert_eq!(refusal(|| net.input_gradient(&one, &one)), message("batch_norm1"));
    assert_eq!(refusal(|| net.backward(&one, &one)), message("batch_norm1"));
    assert_eq!(refusal(|| net.numerical_gradient(&one, &one)), message("batch_norm1"));
    assert_eq!(refusal(|| net.grad_check(&one, &one)), message("batch_norm1"));
    assert_eq!(refusal(|| Around::<f64>::init(&mut rng(1)).gradient(&one, &one)), message("net1"));

    // What has a variance, or needs none.
    net.grad_check(&two, &two).assert_ok();
    assert!(net.predict(&one).iter().all(|x| x.is_finite()) && net.loss(&one, &one).is_finite());
    assert!(net.gradient(&random::<4>(0, 1), &random::<4>(0, 1)).0.is_nan());
    Fixed::<f64>::init(&mut rng(1)).grad_check(&one, &one).assert_ok();
    OfImages::<f64>::init(&mut rng(1)).grad_check(&one, &one).assert_ok();
}

network! {
    #[loss(mean_squared_error)]
    struct Thrice(x: [2], y: [2], z: [2]) -> [2] {
        let a = x.batch_norm();
        let b = y.shared(a);
        let c = z.shared(a);
        a + b + c
    }
}

#[test]
fn statistics_move_once_for_each_use() {
    let mut net = Thrice::<f64>::init(&mut rng(1));
    let [x, y, z] = [1, 2, 3].map(|seed| random::<2>(5, seed));
    let (mut mean, mut variance) = ([0.0; 2], [1.0; 2]);
    for _ in 0..3 {
        let (_, gradients) = net.gradient(&x, &y, &z, &x);
        Sgd::new(0.0).step(&mut net, &gradients);
        for batch in [&x, &y, &z] {
            for channel in 0..2 {
                let row = batch.row(channel);
                mean[channel] += 0.1 * (row.mean() - mean[channel]);
                // PyTorch keeps the variance of a sample.
                variance[channel] += 0.1 * (row.variance() * 5.0 / 4.0 - variance[channel]);
            }
        }
        assert_close(net.a.running_mean.iter(), &mean, 1e-14);
        assert_close(net.a.running_var.iter(), &variance, 1e-14);
    }
}
