//! Fresh networks: how their weights are drawn.

use constgrad::Scalar;
use constgrad::prelude::*;

use super::rng;

network! { struct Inner(x: [200]) -> [300] { x.affine(300).leaky_relu() } }

network! {
    #[loss(softmax_cross_entropy)]
    struct Deep(x: [100]) -> [10] {
        x.affine(200).relu().net::<Inner>().affine(100).tanh().affine(10)
    }
}

/// Asserts that the weights of each layer are drawn with its deviation, and that biases are 0.
#[track_caller]
fn assert_drawn(net: &impl Parameters, deviations: [f64; 4]) {
    for (layer, expected) in deviations.into_iter().enumerate() {
        let (mean, deviation) = moments(net.tensor(2 * layer));
        // The smallest weight has 1000 scalars: five standard errors are 0.16 and 0.11.
        assert!(mean.abs() < 0.16 * expected, "layer {layer}: mean {mean}");
        assert!((deviation - expected).abs() < 0.11 * expected, "layer {layer}: deviation {deviation}");
        assert_eq!(moments(net.tensor(2 * layer + 1)), (0.0, 0.0), "layer {layer}: bias");
    }
}

/// Mean and standard deviation.
fn moments<T: Scalar>(values: &[T]) -> (f64, f64) {
    let mean_of =
        |map: &dyn Fn(f64) -> f64| values.iter().map(|value| map(value.to_f64())).sum::<f64>() / values.len() as f64;
    let mean = mean_of(&|value| value);
    (mean, mean_of(&|value| (value - mean).powi(2)).sqrt())
}

#[test]
fn weights_suit_the_activation_that_follows() {
    let rectified = |inputs: f64| (2.0 / inputs).sqrt();
    let other = |inputs: f64, outputs: f64| (2.0 / (inputs + outputs)).sqrt();
    let expected = [rectified(100.0), rectified(200.0), other(300.0, 100.0), other(100.0, 10.0)];
    assert_drawn(&Deep::<f64>::init(&mut rng(1)), expected);
    assert_drawn(&Deep::<f32>::init(&mut rng(2)), expected);
}

#[test]
fn one_deviation_holds_for_every_layer() {
    let init = Init::Normal { std: 0.01 };
    assert_drawn(&Deep::<f64>::init_with(init, &mut rng(3)), [0.01; 4]);
    assert_drawn(&Deep::<f32>::init_with(init, &mut rng(4)), [0.01; 4]);
}

#[test]
fn a_seed_is_a_network() {
    assert_eq!(Deep::<f32>::init(&mut rng(5)), Deep::<f32>::init(&mut rng(5)));
    assert_ne!(Deep::<f32>::init(&mut rng(5)), Deep::<f32>::init(&mut rng(6)));
    // In either precision it is the same network.
    let (single, double) = (Deep::<f32>::init(&mut rng(5)), Deep::<f64>::init(&mut rng(5)));
    for tensor in 0..<Deep>::TENSORS {
        let rounded = double.tensor(tensor).iter().map(|&value| f32::nearest(value));
        assert!(rounded.eq(single.tensor(tensor).iter().copied()));
    }
}
