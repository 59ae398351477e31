//! A residual network of 50 layers trains; `tests/build.rs` writes it.

use constgrad::prelude::*;
use rand::SeedableRng;
use rand::rngs::SmallRng;

include!(concat!(env!("OUT_DIR"), "/deep.rs"));

#[test]
fn fifty_layers_learn() {
    let mut net = Deep::<f32>::init(&mut SmallRng::seed_from_u64(1));
    let weights = Deep::<f32>::LAYERS.iter().filter(|layer| ["conv2d", "affine"].contains(&layer.kind));
    assert_eq!(weights.count(), 50);

    // Stripes along rows or along columns.
    let stripes = |pixel: usize, sample: usize| {
        let at = if sample.is_multiple_of(2) { pixel / 10 } else { pixel % 10 };
        f32::from(u8::from((at + sample / 2).is_multiple_of(2)))
    };
    let x = OMatrix::<f32, Const<100>, Dyn>::from_fn(16, stripes);
    let labels: Vec<u8> = (0..16).map(|sample| sample % 2).collect();
    let mut adam = Adam::new(1e-3);
    let mut workspace = Deep::workspace(16);
    for _ in 0..40 {
        let (_, gradients) = net.gradient_in(&x, &labels[..], &mut workspace);
        adam.step(&mut net, gradients);
    }
    let (loss, _) = net.gradient_in(&x, &labels[..], &mut workspace);
    assert!(loss < 0.1, "{loss}");
}
