//! Training reaches what it should: each loss, each optimizer, the same bits for the same seed.
#![allow(missing_docs, reason = "the tests say what they test")]

use constgrad::prelude::*;
use nalgebra::{matrix, vector};
use rand::SeedableRng;
use rand::rngs::SmallRng;

network! {
    #[loss(softmax_cross_entropy)]
    struct TwoClasses(x: [2]) -> [2] { x.affine(8).tanh().affine(2) }
}

network! {
    #[loss(binary_cross_entropy_with_logits)]
    struct YesOrNo(x: [2]) -> [1] { x.affine(8).gelu().affine(1) }
}

network! {
    #[loss(mean_squared_error)]
    struct Number(x: [2]) -> [1] { x.affine(8).silu().affine(1) }
}

network! {
    #[loss(huber(delta = 0.5))]
    struct Robust(x: [2]) -> [1] { x.affine(8).softplus().affine(1) }
}

/// Exclusive or: no single layer can learn it.
const X: SMatrix<f32, 2, 4> = matrix![0., 0., 1., 1.; 0., 1., 0., 1.];
const Y: SMatrix<f32, 1, 4> = matrix![0., 1., 1., 0.];

fn rng() -> SmallRng {
    SmallRng::seed_from_u64(3)
}

#[test]
fn two_classes_are_told_apart() {
    let mut net = TwoClasses::<f32>::init(&mut rng());
    assert!(net.accuracy(&X, &[0_u8, 1, 1, 0]) < 1.0);
    for _ in 0..1000 {
        let (_, gradients) = net.gradient(&X, &[0_u8, 1, 1, 0]);
        Sgd::new(0.5).step(&mut net, &gradients);
    }
    assert_eq!(net.accuracy(&X, &[0_u8, 1, 1, 0]), 1.0);
    assert!(net.loss(&X, &[0_u8, 1, 1, 0]) < 0.05);
}

#[test]
fn yes_is_told_from_no() {
    let mut net = YesOrNo::<f32>::init(&mut rng());
    let mut momentum = Momentum::new(0.1, 0.9);
    for _ in 0..500 {
        let (_, gradients) = net.gradient(&X, &Y);
        momentum.step(&mut net, &gradients);
    }
    assert_eq!(net.accuracy(&X, &Y), 1.0);
    assert!(net.loss(&X, &Y) < 0.05);
}

#[test]
fn numbers_are_learned() {
    let (mut number, mut robust) = (Number::<f32>::init(&mut rng()), Robust::<f32>::init(&mut rng()));
    let (mut for_number, mut for_robust) = (Momentum::new(0.05, 0.9), Momentum::new(0.05, 0.9));
    for _ in 0..2000 {
        let (_, gradients) = number.gradient(&X, &Y);
        for_number.step(&mut number, &gradients);
        let (_, gradients) = robust.gradient(&X, &Y);
        for_robust.step(&mut robust, &gradients);
    }
    assert!(number.loss(&X, &Y) < 1e-3);
    assert!(robust.loss(&X, &Y) < 1e-3);
    assert!((number.predict(&vector![1., 0.])[0] - 1.0).abs() < 0.1);
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let train = || {
        let mut net = TwoClasses::<f32>::init(&mut rng());
        let mut momentum = Momentum::new(0.1, 0.9);
        for _ in 0..50 {
            let (_, gradients) = net.gradient(&X, &[0_u8, 1, 1, 0]);
            momentum.step(&mut net, &gradients);
        }
        net
    };
    let (first, second) = (train(), train());
    for tensor in 0..<TwoClasses>::TENSORS {
        let bits = |net: &TwoClasses| net.tensor(tensor).iter().map(|scalar| scalar.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&first), bits(&second));
    }
}

#[test]
fn not_a_number_is_not_hidden() {
    let net = TwoClasses::<f32>::init(&mut rng());
    let x = X.map(|scalar| if scalar == 1.0 { f32::NAN } else { scalar });
    assert!(net.loss(&x, &[0_u8, 1, 1, 0]).is_nan());
    let answer = u8::from(net.predict(&vector![0., 0.])[1] > net.predict(&vector![0., 0.])[0]);
    assert_eq!(net.accuracy(&x, &[answer; 4]), 0.25);
}
