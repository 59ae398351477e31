//! Optimizers, used as a program would, on declared networks.

use constgrad::prelude::*;
use constgrad::{Role, Scalar, Update};
use nalgebra::matrix;

use super::{Columns, random, rng, scalars};

network! {
    #[loss(mean_squared_error)]
    struct Plain(x: [1]) -> [1] { x.affine(1) }
}

network! {
    #[loss(mean_squared_error)]
    struct Wave(x: [1]) -> [1] { x.affine(16).tanh().affine(1) }
}

network! {
    struct Shopping(apple: [1], apples: [1]) -> [1] { apple * apples }
}

/// The mean squared error at 100 points of a wave after 500 steps.
fn fit<T: Scalar>(mut optimizer: impl Optimizer<Wave<T>>) -> f64 {
    let x: Columns<T, 1> = random::<1>(100, 1).map(T::nearest);
    let target = x.map(|x| T::nearest((3.0 * x.to_f64()).sin()));
    let mut net = Wave::<T>::init(&mut rng(3));
    let mut workspace = Wave::workspace(100);
    for _ in 0..500 {
        let gradients = net.gradient_in(&x, &target, &mut workspace).1;
        optimizer.step(&mut net, gradients);
    }
    net.loss(&x, &target).to_f64()
}

/// What `fit` reaches, in both scalar types.
macro_rules! assert_fits {
    ($optimizer:expr, $loss:literal) => {
        let losses = [fit::<f32>($optimizer), fit::<f64>($optimizer)];
        assert!(losses.iter().all(|&loss| loss < $loss), "{losses:?}");
    };
}

#[test]
fn every_optimizer_fits_a_wave() {
    assert_fits!(Sgd::new(0.2), 0.01);
    assert_fits!(Momentum::new(0.1, 0.9), 0.005);
    assert_fits!(Nesterov::new(0.1, 0.9), 0.005);
    assert_fits!(Adam::new(0.02), 0.005);
    assert_fits!(AdamW::new(0.02), 0.005);
    assert_fits!(RmsProp::new(0.005), 0.01);
    assert_fits!(AdaGrad::new(0.1), 0.005);
}

#[test]
fn gradients_of_a_network_move_it() {
    // At scores 0 and targets 1, d_bias = -2 and d_weight = -2 · x.
    let (x, target) = (matrix![3.0], matrix![1.0]);
    let mut net = Plain::<f64>::zeros();
    let gradients = net.gradient(&x, &target).1;
    assert_eq!(scalars(&gradients), [-6.0, -2.0]);
    Sgd::new(0.25).step(&mut net, &gradients);
    assert_eq!(scalars(&net), [1.5, 0.5]);

    let mut momentum = Momentum::new(0.25, 0.5);
    momentum.step(&mut net, &gradients);
    momentum.step(&mut net, &gradients);
    let velocity: Plain<f64> = momentum.velocity;
    assert_eq!(scalars(&velocity), [0.5 * 1.5 + 1.5, 0.5 * 0.5 + 0.5]);
    assert_eq!(scalars(&net), [1.5 + 1.5 + 2.25, 0.5 + 0.5 + 0.75]);
}

#[test]
fn the_learning_rate_can_change_between_steps() {
    let mut net = Plain::<f64>::zeros();
    let mut gradients = net.clone();
    gradients.affine1.bias[0] = 1.0;
    let mut sgd = Sgd::new(0.0);
    for learning_rate in [1.0, 0.5, 0.25] {
        sgd.learning_rate = learning_rate;
        sgd.step(&mut net, &gradients);
    }
    assert_eq!(net.affine1.bias[0], -1.75);

    // The velocity holds the rates of its time: -1, then -0.5 - 0.25.
    let mut net = Plain::<f64>::zeros();
    let mut momentum = Momentum::new(1.0, 0.5);
    momentum.step(&mut net, &gradients);
    momentum.learning_rate = 0.25;
    momentum.step(&mut net, &gradients);
    assert_eq!(net.affine1.bias[0], -1.75);
}

#[test]
fn a_network_without_parameters_can_be_stepped() {
    fn step<O: Optimizer<Shopping>>(mut optimizer: O) {
        let mut net = Shopping::zeros();
        let (gradients, _) = net.backward(&matrix![100.0], &matrix![2.0], &matrix![1.0]);
        optimizer.step(&mut net, &gradients);
    }
    step(Sgd::new(0.1));
    step(Momentum::new(0.1, 0.9));
    step(Nesterov::new(0.1, 0.9));
    step(Adam::new(0.1));
    step(AdamW::new(0.1));
    step(RmsProp::new(0.1));
    step(AdaGrad::new(0.1));
}

network! {
    #[loss(mean_squared_error)]
    struct Mixed(x: [2]) -> [1] {
        #[frozen]
        let features = x.affine(8).batch_norm().relu();
        features.affine(8).batch_norm().relu().affine(1)
    }
}

/// An optimizer of one's own, with a loop of its own.
struct Sign {
    learning_rate: f32,
}

impl<N: Trainable<Scalar = f32>> Optimizer<N> for Sign {
    fn update(&mut self, tensor: Update<'_, f32>) {
        assert_eq!((tensor.info.role, tensor.info), (Role::Trained, N::info(tensor.index)));
        for (parameter, &gradient) in tensor.parameters.iter_mut().zip(tensor.gradient) {
            if gradient != 0.0 {
                *parameter -= self.learning_rate * gradient.signum();
            }
        }
    }
}

/// Statistics go where those of this crate take them, and what is frozen stays.
#[test]
fn an_optimizer_of_ones_own_trains_every_network() {
    let x: Columns<f32, 2> = random::<2>(64, 1).map(f32::nearest);
    let target = Columns::<f32, 1>::from_fn(64, |_, sample| x[(0, sample)] * x[(1, sample)]);
    let mut net = Mixed::<f32>::init(&mut rng(4));
    let (start, before) = (net.clone(), net.loss(&x, &target));
    let mut own = Sign { learning_rate: 0.001 };
    for _ in 0..300 {
        let gradients = net.gradient(&x, &target).1;
        let mut other = net.clone();
        Sgd::new(0.1).step(&mut other, &gradients);
        own.step(&mut net, &gradients);
        for (tensor, info) in Mixed::<f32>::LAYOUT.iter().enumerate() {
            match info.role {
                Role::Frozen => assert_eq!(net.tensor(tensor), start.tensor(tensor)),
                Role::Statistic => assert_eq!(net.tensor(tensor), other.tensor(tensor)),
                _ => assert_eq!(gradients.tensor(tensor).len(), net.tensor(tensor).len()),
            }
            // Nobody who changes gradients sees anything else.
            assert_eq!(gradients.tensor(tensor).is_empty(), info.role != Role::Trained);
        }
    }
    let after = net.loss(&x, &target);
    assert!(after < 0.5 * before, "{before} -> {after}");
}

/// Zeros that were never a gradient say nothing of a batch.
#[test]
fn statistics_stay_where_no_batch_was_seen() {
    let mut net = Mixed::<f32>::init(&mut rng(4));
    let before = net.clone();
    Sgd::new(0.1).step(&mut net, &Mixed::state());
    assert_eq!(net, before);
}

/// Several optimizers, chosen at run time.
#[test]
fn an_optimizer_can_be_boxed() {
    let mut net = Plain::<f32>::zeros();
    let mut gradients = net.clone();
    gradients.affine1.bias[0] = 1.0;
    let optimizers: [Box<dyn Optimizer<Plain>>; 2] = [Box::new(Sgd::new(0.5)), Box::new(Adam::new(0.5))];
    for mut optimizer in optimizers {
        optimizer.step(&mut net, &gradients);
    }
    assert_eq!(net.affine1.bias[0], -1.0);
}
