//! Nothing of the size of a parameter crosses the stack, not even in a debug build.

use constgrad::{Adam, Optimizer, Parameters, network};
use nalgebra::SVector;
use rand::SeedableRng;
use rand::rngs::SmallRng;

network! {
    /// 50 million parameters.
    #[loss(mean_squared_error)]
    #[no_gradient_test]
    struct Large(x: [8192]) -> [1] {
        x.affine(6144).relu().affine(1)
    }
}

/// The stack of a spawned thread, where nobody asked for more.
const STACK: usize = 2 << 20;

#[test]
fn a_network_of_50_million_parameters_trains_on_a_small_stack() {
    const { assert!(<Large>::COUNT >= 50_000_000) };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let mut net = Large::<f32>::init(&mut SmallRng::seed_from_u64(1));
        let mut adam = Adam::new(1e-5);
        let mut workspace = Large::workspace(1);
        let x = SVector::<f32, 8192>::repeat(0.1);
        let target = SVector::<f32, 1>::repeat(1.0);
        let (before, gradients) = net.gradient_in(&x, &target, &mut workspace);
        adam.step(&mut net, gradients);
        let copy = net.clone();
        drop(net);
        let after = copy.loss(&x, &target);
        assert!(after < before, "{before} -> {after}");
    });
    thread.expect("a thread starts").join().expect("the stack holds");
}
