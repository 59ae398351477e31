//! The copies compute what the built-in ones do, to the bit.

use constgrad::prelude::*;
use constgrad::rand::rngs::SmallRng;
use constgrad::rand::{RngExt, SeedableRng};
use constgrad_outside::{Adam, Affine, Huber, Silu};

network! {
    #[loss(huber(delta = 0.5))]
    struct BuiltIn(x: [37]) -> [5] { x.affine(23).silu().affine(19).relu().affine(5) }
}

network! {
    #[loss(Huber { delta: 0.5 })]
    struct Own(x: [37]) -> [5] {
        x.net::<Affine<37, 23>>().map(Silu).net::<Affine<23, 19>>().relu().net::<Affine<19, 5>>()
    }
}

fn random<const R: usize>(seed: u64) -> OMatrix<f32, Const<R>, Dyn> {
    let mut rng = SmallRng::seed_from_u64(seed);
    OMatrix::<f32, Const<R>, Dyn>::from_fn(70, |_, _| rng.random_range(-2.0..2.0))
}

#[test]
fn the_same_bits() {
    let mut built_in = BuiltIn::<f32>::init(&mut SmallRng::seed_from_u64(1));
    let mut own = Own::<f32>::zeros();
    for tensor in 0..BuiltIn::<f32>::TENSORS {
        own.tensor_mut(tensor).copy_from_slice(built_in.tensor(tensor));
    }
    let (x, target) = (random::<37>(2), random::<5>(3));
    let (mut adam, mut own_adam) = (constgrad::Adam::new(0.01), Adam::new(0.01));
    for _ in 0..5 {
        let (loss, gradients) = built_in.gradient(&x, &target);
        let (own_loss, own_gradients) = own.gradient(&x, &target);
        assert_eq!(own_loss.to_bits(), loss.to_bits());
        for tensor in 0..BuiltIn::<f32>::TENSORS {
            assert_eq!(own_gradients.tensor(tensor), gradients.tensor(tensor));
        }
        adam.step(&mut built_in, &gradients);
        own_adam.step(&mut own, &own_gradients);
        for tensor in 0..BuiltIn::<f32>::TENSORS {
            assert_eq!(own.tensor(tensor), built_in.tensor(tensor));
        }
    }
    assert_eq!(<Own>::CACHE, <BuiltIn>::CACHE, "as much is kept");
}
