//! Networks and gradients as vectors of what is trained.

use constgrad::prelude::*;

use super::{assert_close, random, rng, scalars};

network! {
    #[loss(mean_squared_error)]
    struct Mixed(x: [3]) -> [2] {
        #[frozen]
        let features = x.affine(4).batch_norm().relu();
        features.affine(5).batch_norm(momentum = 0.25, epsilon = 1e-3).tanh().affine(2)
    }
}

fn two() -> [Mixed<f64>; 2] {
    [1, 2].map(|seed| Mixed::init(&mut rng(seed)))
}

fn flat(net: &Mixed<f64>) -> Vec<f64> {
    let mut scalars = vec![f64::NAN; Mixed::<f64>::TRAINED];
    net.write_to(&mut scalars);
    scalars
}

#[test]
fn a_flat_view_holds_what_is_trained() {
    let [mut net, other] = two();
    let before = net.clone();
    let trained = flat(&other);
    assert_eq!(trained.len(), 4 * 5 + 5 + 2 * 5 + 5 * 2 + 2);
    net.read_from(&trained);
    assert_eq!(flat(&net), trained);
    // What is frozen stays, and so do statistics.
    for index in 0..Mixed::<f64>::TENSORS {
        let from = if Mixed::<f64>::info(index).role == constgrad::Role::Trained { &other } else { &before };
        assert_eq!(net.tensor(index), from.tensor(index), "{}", Mixed::<f64>::info(index).name);
    }
    // Gradients are as long.
    let gradients = net.gradient(&random::<3>(7, 3), &random::<2>(7, 4)).1;
    let mut of_gradients = vec![0.0; trained.len()];
    gradients.write_to(&mut of_gradients);
    assert_eq!(of_gradients, scalars(&gradients));
}

#[test]
#[should_panic(expected = "46 scalars for a network of 47 that are trained")]
fn a_flat_view_has_one_length() {
    two()[0].clone().read_from(&[0.0; 46]);
}

#[test]
fn vectors_are_scaled_and_added() {
    let [net, other] = two();
    let (x, y) = (flat(&net), flat(&other));
    let check = |changed: &dyn Fn(&mut Mixed<f64>), expected: &dyn Fn(f64, f64) -> f64| {
        let mut net = net.clone();
        changed(&mut net);
        let expected: Vec<f64> = x.iter().zip(&y).map(|(&x, &y)| expected(x, y)).collect();
        assert_close(&flat(&net), &expected, 1e-14);
        assert_eq!(net.affine1.weight, self::two()[0].affine1.weight);
    };
    check(&|net| net.scale(-1.5), &|x, _| -1.5 * x);
    check(&|net| net.axpy(0.5, &other), &|x, y| x + 0.5 * y);
    check(&|net| net.lerp(&other, 0.1), &|x, y| 0.9 * x + 0.1 * y);
    let sum = |terms: Vec<f64>| terms.into_iter().sum::<f64>();
    let dot = sum(x.iter().zip(&y).map(|(x, y)| x * y).collect());
    assert_close(&[net.dot(&other)], &[dot], 1e-13);
    assert_close(&[net.norm()], &[sum(x.iter().map(|x| x * x).collect()).sqrt()], 1e-13);
}

/// As a step with the usual momentum moves a tenth of the way.
#[test]
fn batch_norm_moves_by_its_momentum_and_divides_by_its_epsilon() {
    network! {
        #[loss(mean_squared_error)]
        #[no_gradient_test]
        struct Slow(x: [1]) -> [1] { x.batch_norm(momentum = 0.25, epsilon = 1.0) }
    }
    let mut net = Slow::<f64>::init(&mut rng(1));
    let x = SMatrix::<f64, 1, 2>::new(1.0, 5.0);
    let gradients = net.gradient(&x, &x).1;
    Sgd::new(0.0).step(&mut net, &gradients);
    // Mean 3 and variance 8, as of two samples.
    let batch_norm = &net.batch_norm1;
    assert_eq!((batch_norm.running_mean[0], batch_norm.running_var[0]), (0.25 * 3.0, 0.75 + 0.25 * 8.0));
    assert_close(net.predict(&x).as_slice(), &[0.25 / 3.75_f64.sqrt(), 4.25 / 3.75_f64.sqrt()], 1e-14);
}
