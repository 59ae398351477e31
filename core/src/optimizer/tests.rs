//! What all optimizers have in common.

use super::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
use crate::layer::Affine;
use crate::testing::random;
use crate::{Parameters, Scalar, Trainable};

/// Of lengths that are no multiples of a vector's.
type Net<T> = Affine<T, 37, 3>;

/// Calls `$check` with the name of every optimizer and with one.
macro_rules! each {
    ($check:ident::<$t:ty>) => {
        $check::<$t>("Sgd", Sgd::new(0.1));
        $check::<$t>("Momentum", Momentum::new(0.1, 0.9));
        $check::<$t>("Nesterov", Nesterov::new(0.1, 0.9));
        $check::<$t>("Adam", Adam::new(0.1));
        $check::<$t>("AdamW", AdamW::new(0.1));
        $check::<$t>("RmsProp", RmsProp::new(0.1));
        $check::<$t>("AdaGrad", AdaGrad::new(0.1));
    };
}

fn random_net<T: Scalar>(seed: u64) -> Net<T> {
    let mut net = Net::zeros();
    for tensor in 0..Net::<T>::TENSORS {
        let values = random(net.tensor(tensor).len(), seed);
        for (scalar, value) in net.tensor_mut(tensor).iter_mut().zip(values) {
            *scalar = T::nearest(value);
        }
    }
    net
}

fn reversed<T: Scalar>(mut net: Net<T>) -> Net<T> {
    net.weight.as_mut_slice().reverse();
    net.bias.as_mut_slice().reverse();
    net
}

/// Where a scalar lies decides whether it is computed in a full vector or in the rest.
#[test]
fn scalars_move_alike_wherever_they_lie() {
    fn check<T: Scalar>(name: &str, mut optimizer: impl Optimizer<Net<T>> + Clone) {
        let mut other = optimizer.clone();
        let start = random_net(0);
        let (mut net, mut backwards) = (start.clone(), reversed(start.clone()));
        for step in 1..=3 {
            let gradients = random_net(step);
            optimizer.step(&mut net, &gradients);
            other.step(&mut backwards, &reversed(gradients));
        }
        assert_eq!(net, reversed(backwards), "{name}");
        let moved = |tensor| net.tensor(tensor).iter().zip(start.tensor(tensor)).all(|(now, before)| now != before);
        assert!(moved(0) && moved(1), "{name}");
    }
    each!(check::<f32>);
    each!(check::<f64>);
}

#[test]
fn nan_stays_where_it_comes_in() {
    fn check<T: Scalar>(name: &str, mut optimizer: impl Optimizer<Net<T>>) {
        let mut net = random_net::<T>(0);
        let mut gradients = random_net::<T>(1);
        let [weight, last] = [8, 37 * 3 - 1];
        gradients.weight[weight] = T::nearest(f64::NAN);
        gradients.weight[last] = T::nearest(f64::NAN);
        optimizer.step(&mut net, &gradients);
        optimizer.step(&mut net, &random_net(2));
        for (index, scalar) in net.weight.iter().enumerate() {
            assert_eq!(scalar.to_f64().is_nan(), [weight, last].contains(&index), "{name}: {index}");
        }
        assert!(net.bias.iter().all(|scalar| scalar.to_f64().is_finite()), "{name}");
    }
    each!(check::<f32>);
    each!(check::<f64>);
}

#[test]
fn what_is_remembered_fades_to_0_and_never_becomes_subnormal() {
    type Net = Affine<f32, 1, 1>;
    fn check<O: Optimizer<Net>>(mut optimizer: O, steps: usize, remembered: fn(&O) -> &Net) {
        let (mut net, mut gradients) = (Net::zeros(), Net::zeros());
        gradients.weight[0] = 1e-15;
        optimizer.step(&mut net, &gradients);
        assert!(remembered(&optimizer).weight[0] != 0.0);
        for _ in 0..steps {
            optimizer.step(&mut net, &Net::zeros());
            assert!(!remembered(&optimizer).weight[0].is_subnormal());
        }
        assert_eq!(remembered(&optimizer).weight[0], 0.0);
    }
    check(Momentum::new(0.1, 0.9), 1000, |momentum| &momentum.velocity);
    check(Nesterov::new(0.1, 0.9), 1000, |nesterov| &nesterov.velocity);
    check(Adam::new(0.1), 20_000, |adam| &adam.first_moment);
    check(Adam::new(0.1), 20_000, |adam| &adam.second_moment);
    check(AdamW::new(0.1), 20_000, |adam| &adam.second_moment);
    check(RmsProp::new(0.1), 2000, |rms_prop| &rms_prop.mean_square);
}

#[test]
fn a_square_beyond_all_numbers_is_not_taken_for_a_step_of_0() {
    fn check(mut optimizer: impl Optimizer<Affine<f32, 1, 1>>) {
        let (mut net, mut gradients) = (Affine::zeros(), Affine::zeros());
        gradients.weight[0] = 1e30;
        optimizer.step(&mut net, &gradients);
        assert!(net.weight[0].is_nan() && net.bias[0] == 0.0);
    }
    check(Adam::<Affine<f32, 1, 1>>::new(0.1));
    check(AdamW::new(0.1));
    check(RmsProp::new(0.1));
    check(AdaGrad::new(0.1));
}
