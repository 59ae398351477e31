//! Gradients by differences of the loss, and whether back-propagation agrees with them.

mod difference;
mod point;
mod report;

use alloc::vec::Vec;

use nalgebra::DMatrix;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

use self::point::{Point, Probe};
pub use self::report::{Comparison, GradientReport, TensorReport};
use crate::input::{Input, IntoInputs};
use crate::loss::Loss;
use crate::network::Port;
use crate::target::Target;
use crate::{Init, Network, Role, Scalar, Seed, Shape, Trainable, run};

/// The batch size of a random check: enough to tell a mean from a sum, and one sample from another.
const SAMPLES: usize = 3;

/// A random check looks at this many scalars of a tensor, and along one direction of it.
const PROBES: usize = 16;

/// The standard deviation of parameters that a fresh network has all alike, such as biases.
const SPREAD: f64 = 0.1;

/// A network that can check its own gradients: every one.
pub trait GradCheck: Network + Trainable {
    /// Compares back-propagation in a fresh network, with random inputs and a random target, with differences of the loss.
    ///
    /// It looks at a few random scalars of each parameter and input, and at the derivative along a random direction in
    /// all of it, so that large networks are checked quickly. Equal seeds make equal checks.
    #[must_use]
    fn grad_check_random(seed: u64) -> GradientReport {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let (net, inputs) = (random_network(&mut rng), random_inputs::<Self>(&mut rng));
        let indices = random_indices::<Self>(&mut rng);
        let point = Point::<Self> { net, inputs, indices, seed: Seed::draw(&mut rng) };
        let len = Self::Output::LEN;
        let target = Self::LOSS.random_target(Self::SCORES, SAMPLES * len / Self::SCORES, &mut rng);
        let target = DMatrix::from_vec(len, SAMPLES, target);
        check(&point, &Target::from(&target), SAMPLES, |probe, gradient, tensor| {
            compare_some(probe, gradient, tensor, &mut rng)
        })
    }
}

impl<N: Network + Trainable> GradCheck for N {}

/// The generated test of a declared network.
///
/// # Panics
/// If its gradients are wrong.
#[track_caller]
pub fn check_gradients<N: Network + Trainable>() {
    N::grad_check_random(0).assert_ok();
}

/// Compares back-propagation with differences of the loss, in every scalar of every parameter and input.
#[track_caller]
pub fn grad_check<'a, N: Network + Trainable, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
    seed: Seed,
) -> GradientReport {
    let (inputs, target) = (inputs.into_inputs(N::INPUTS), target.into());
    let inputs = run::slices(&inputs);
    let samples = run::count_to_train::<N>(&inputs);
    run::check::<N>(&target, samples);
    check(&point_of(net, &inputs, seed), &target, samples, compare_all)
}

/// The gradient of the mean loss of a batch by central differences, one parameter at a time; 0 for statistics.
#[track_caller]
pub fn numerical_gradient<'a, N: Network + Trainable, const K: usize>(
    net: &N,
    inputs: impl IntoInputs<'a, N::Scalar, K>,
    target: impl Into<Target<'a, N::Scalar>>,
    seed: Seed,
) -> N {
    let (inputs, target) = (inputs.into_inputs(N::INPUTS), target.into());
    let inputs = run::slices(&inputs);
    let samples = run::count_to_train::<N>(&inputs);
    run::check::<N>(&target, samples);
    let point = point_of(net, &inputs, seed);
    let mut probe = Probe::new(&point, &target, samples);
    let mut gradients = N::state();
    for tensor in (0..N::TENSORS).filter(|&tensor| N::info(tensor).role == Role::Trained) {
        for (index, gradient) in gradients.tensor_mut(tensor).iter_mut().enumerate() {
            *gradient = probe.derivative(tensor, index);
        }
    }
    gradients
}

fn point_of<N: Network + Trainable>(net: &N, inputs: &[Input<'_, N::Scalar>], seed: Seed) -> Point<N> {
    let scalars = |input: &Input<'_, _>| match *input {
        Input::Scalars(scalars) => scalars.to_vec(),
        Input::Indices(_) => Vec::new(),
    };
    let indices = |input: &Input<'_, _>| match *input {
        Input::Scalars(_) => Vec::new(),
        Input::Indices(indices) => indices.to_vec(),
    };
    let (scalars, indices) = (inputs.iter().map(scalars).collect(), inputs.iter().map(indices).collect());
    Point { net: net.clone(), inputs: scalars, indices, seed }
}

/// Back-propagates, and lets `compare` look at each tensor.
fn check<N: Network + Trainable>(
    point: &Point<N>,
    target: &Target<'_, N::Scalar>,
    samples: usize,
    mut compare: impl FnMut(&mut Probe<'_, N>, &Point<N>, usize) -> Vec<Comparison>,
) -> GradientReport {
    let (loss, gradient) = point.back_propagate(target, samples);
    let mut probe = Probe::new(point, target, samples);
    let mut report = |tensor| TensorReport::new(Point::<N>::name(tensor), &compare(&mut probe, &gradient, tensor));
    GradientReport::new(loss, Point::<N>::tensors().map(&mut report).collect())
}

fn compare_all<N: Network + Trainable>(
    probe: &mut Probe<'_, N>,
    gradient: &Point<N>,
    tensor: usize,
) -> Vec<Comparison> {
    let len = gradient.tensor(tensor).len();
    (0..len).map(|index| probe.compare(gradient, tensor, index, &[N::Scalar::ONE])).collect()
}

/// Compares some scalars, evenly spread from a random one on, and all of them along a random direction.
fn compare_some<N: Network + Trainable>(
    probe: &mut Probe<'_, N>,
    gradient: &Point<N>,
    tensor: usize,
    rng: &mut impl Rng,
) -> Vec<Comparison> {
    let len = gradient.tensor(tensor).len();
    if len <= PROBES {
        return compare_all(probe, gradient, tensor);
    }
    let first = rng.next_u32() as usize % len;
    let indices = (0..PROBES).map(|probe| (first + probe * len / PROBES) % len);
    let mut comparisons: Vec<_> =
        indices.map(|index| probe.compare(gradient, tensor, index, &[N::Scalar::ONE])).collect();
    let signs: Vec<_> = (0..len).map(|_| random_sign(rng)).collect();
    comparisons.push(compare_along(probe, gradient, tensor, &signs));
    comparisons
}

/// Compares along `signs`; if that fails, along the smallest part of them that fails too.
fn compare_along<N: Network + Trainable>(
    probe: &mut Probe<'_, N>,
    gradient: &Point<N>,
    tensor: usize,
    signs: &[N::Scalar],
) -> Comparison {
    let mut comparison = probe.compare(gradient, tensor, 0, signs);
    while comparison.is_wrong() && comparison.at.len() > 1 {
        let middle = comparison.at.start + comparison.at.len() / 2;
        let halves = [comparison.at.start..middle, middle..comparison.at.end].into_iter();
        let wrong_half =
            halves.map(|half| probe.compare(gradient, tensor, half.start, &signs[half])).find(Comparison::is_wrong);
        let Some(half) = wrong_half else { break };
        comparison = half;
    }
    comparison
}

/// A fresh network, but for parameters all alike: they could hide mistakes.
fn random_network<N: Network + Trainable>(rng: &mut impl Rng) -> N {
    let mut net = N::init_with(Init::Default, rng);
    for tensor in 0..N::TENSORS {
        let values = net.tensor_mut(tensor);
        if values.windows(2).all(|pair| pair[0] == pair[1]) {
            for value in values {
                *value += random_normal::<N::Scalar>(rng) * N::Scalar::nearest(SPREAD);
            }
        }
    }
    net
}

fn random_inputs<N: Network + Trainable>(rng: &mut impl Rng) -> Vec<Vec<N::Scalar>> {
    let random = |input: &Port| match input.indices {
        None => (0..len(input)).map(|_| random_normal(rng)).collect(),
        Some(_) => Vec::new(),
    };
    N::INPUTS.iter().map(random).collect()
}

fn random_indices<N: Network + Trainable>(rng: &mut impl Rng) -> Vec<Vec<usize>> {
    let random = |input: &Port| match input.indices {
        None => Vec::new(),
        Some(indices) => (0..len(input)).map(|_| rng.random_range(0..indices)).collect(),
    };
    N::INPUTS.iter().map(random).collect()
}

/// The scalars or indices of a batch.
fn len(input: &Port) -> usize {
    input.dims.iter().product::<usize>() * SAMPLES
}

fn random_normal<T: Scalar>(rng: &mut impl Rng) -> T {
    T::nearest(StandardNormal.sample(rng))
}

fn random_sign<T: Scalar>(rng: &mut impl Rng) -> T {
    if rng.next_u32() & 1 == 0 { T::ONE } else { -T::ONE }
}

#[cfg(test)]
mod tests;
