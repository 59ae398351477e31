//! The logarithm of a softmax is one layer, however it is written.

use constgrad::prelude::*;

use super::{random, rng};

network! {
    #[loss(kl_divergence)]
    struct Chain(x: [2]) -> [2] { x.softmax().ln() }
}
network! {
    #[loss(kl_divergence)]
    struct Named(x: [2]) -> [2] {
        let shares: [2] = x.softmax();
        shares.ln()
    }
}
network! {
    #[loss(kl_divergence)]
    struct InTheMiddle(x: [2]) -> [2] {
        let logarithms = x.softmax().ln();
        logarithms - logarithms * logarithms
    }
}
network! {
    struct Entropy(x: [2]) -> [2] {
        let shares = x.softmax();
        shares * shares.ln()
    }
}
network! {
    struct Twice(x: [2]) -> [2] {
        let shares = x.softmax();
        shares.ln() + shares.ln()
    }
}
network! {
    struct Positions(x: [2, 2]) -> [2, 2] { x.softmax().ln() }
}
network! {
    struct Generic<const D: usize>(x: [D]) -> [D] { x.softmax().ln() }
}
network! {
    struct Both(x: [2]) -> [4] {
        let shares = x.softmax();
        concat(shares.ln(), shares)
    }
}
network! {
    #[loss(kl_divergence)]
    struct Trained(x: [2]) -> [2] { x.affine(2).softmax().ln() }
}

/// The second share is too small for an `f32`.
const X: SVector<f32, 2> = SVector::<f32, 2>::new(0.0, -110.0);

#[test]
fn it_is_finite_where_a_share_is_rounded_to_0() {
    let logarithms = SVector::<f32, 2>::new(0.0, -110.0);
    assert_eq!(Chain::<f32>::init(&mut rng(1)).predict(&X), logarithms);
    assert_eq!(Named::<f32>::init(&mut rng(1)).predict(&X), logarithms);
    assert_eq!(Generic::<2, f32>::init(&mut rng(1)).predict(&X), logarithms);
    assert_eq!(InTheMiddle::<f32>::init(&mut rng(1)).predict(&X).as_slice(), [0.0, -110.0 - 12100.0]);
    assert_eq!(Entropy::<f32>::init(&mut rng(1)).predict(&X).as_slice(), [0.0, 0.0]);
    assert_eq!(Twice::<f32>::init(&mut rng(1)).predict(&X).as_slice(), [0.0, -220.0]);
    assert_eq!(Both::<f32>::init(&mut rng(1)).predict(&X).as_slice(), [0.0, -110.0, 1.0, 0.0]);
    let both = SVector::<f32, 4>::new(0.0, -110.0, -110.0, 0.0);
    assert_eq!(Positions::<f32>::init(&mut rng(1)).predict(&both), both);
}

#[test]
fn the_divergence_of_such_a_share_is_right() {
    let target = SVector::<f32, 2>::new(0.5, 0.5);
    let (loss, _, inputs) = Chain::<f32>::init(&mut rng(1)).input_gradient(&X, &target);
    // ln ½ + 110 / 2
    assert!((loss - 54.306_853).abs() < 1e-5, "{loss}");
    assert_eq!(inputs.x.as_slice(), [0.5, -0.5]);
    let (same_loss, _, same) = Named::<f32>::init(&mut rng(1)).input_gradient(&X, &target);
    assert_eq!((same_loss, same.x), (loss, inputs.x));
}

#[test]
fn training_stays_finite() {
    let mut net = Trained::<f32>::init(&mut rng(1));
    let (x, target) = (SVector::<f32, 2>::new(10.0, -10.0), SVector::<f32, 2>::new(1.0, 0.0));
    let mut sgd = Sgd::new(10.0);
    for _ in 0..100 {
        let (loss, gradients) = net.gradient(&x, &target);
        assert!(loss.is_finite());
        sgd.step(&mut net, &gradients);
    }
    assert!(net.loss(&x, &target) < 1e-6);
}

#[test]
fn nothing_is_computed_twice() {
    assert_eq!(<Chain>::LAYERS.len(), 1);
    assert_eq!(<Named>::LAYERS.len(), 1);
    assert_eq!(<Entropy>::LAYERS.len(), 2);
}

#[test]
fn its_gradients_are_those_of_a_softmax_and_a_logarithm() {
    network! {
        struct Softmax(x: [5]) -> [5] { x.softmax() }
    }
    network! {
        struct Apart(x: [5]) -> [5] { x.net::<Softmax>().ln() }
    }
    network! {
        struct Together(x: [5]) -> [5] { x.softmax().ln() }
    }
    let (x, d_output) = (random::<5>(7, 1), random::<5>(7, 2));
    let (_, apart) = Apart::<f64>::init(&mut rng(1)).backward(&x, &d_output);
    let (_, together) = Together::<f64>::init(&mut rng(1)).backward(&x, &d_output);
    super::assert_close(&together.x, &apart.x, 1e-14);
}
