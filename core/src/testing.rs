//! What the unit tests of layers, operators and losses share.

use alloc::vec;
use alloc::vec::Vec;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use crate::loss::Loss;
use crate::target::Target;
use crate::{Batch, BatchMut, Forward, Layer, Mode, Role, Scalar, Seed, Shape, Trainable};

/// Scalars between -2 and 2, none of them within 0.01 of 0, where kinks are.
pub(crate) fn random(len: usize, seed: u64) -> Vec<f64> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut scalar = || rng.random_range(0.01..2.0) * if rng.random() { 1.0 } else { -1.0 };
    (0..len).map(|_| scalar()).collect()
}

/// The gradient of `function` at `point` by central differences.
pub(crate) fn central_differences(point: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    const STEP: f64 = 1e-5;
    let mut moved = point.to_vec();
    let mut slope = |index: usize| {
        let mut value_at = |offset| {
            moved[index] = point[index] + offset;
            function(&moved)
        };
        let slope = (value_at(STEP) - value_at(-STEP)) / (2.0 * STEP);
        moved[index] = point[index];
        slope
    };
    (0..point.len()).map(&mut slope).collect()
}

/// Asserts that `found` is `expected` up to what central differences can tell.
#[track_caller]
pub(crate) fn assert_close(found: &[f64], expected: &[f64]) {
    let close = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-8 * expected.abs().max(1.0);
    assert_eq!(found.len(), expected.len());
    assert!(found.iter().zip(expected).all(close), "found {found:?}\nexpected {expected:?}");
}

/// `Σ left · right`.
pub(crate) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// Asserts that `layer` computes the gradient of its input at `input`, in training.
#[track_caller]
pub(crate) fn check_layer<L: Layer<f64>>(layer: &L, input: &[f64]) {
    let d_output = random(input.len() / L::Input::LEN * L::Output::LEN, 7);
    let numerical = central_differences(input, |input| dot(&d_output, &train(layer, input)));
    assert_close(&d_input(layer, input, &d_output), &numerical);
}

/// Asserts that `layer` computes the gradients of its parameters at `input`, in training.
#[track_caller]
pub(crate) fn check_parameters<X, L: Layer<f64, X> + Trainable<Scalar = f64>>(layer: &L, input: &[X]) {
    let d_output = random(input.len() / L::Input::LEN * L::Output::LEN, 7);
    let gradients = backward(layer, input, &d_output, None);
    for tensor in (0..L::TENSORS).filter(|&tensor| L::info(tensor).role == Role::Trained) {
        let numerical = central_differences(layer.tensor(tensor), |moved| {
            let mut layer = layer.clone();
            layer.tensor_mut(tensor).copy_from_slice(moved);
            dot(&d_output, &train(&layer, input))
        });
        assert_close(gradients.tensor(tensor), &numerical);
    }
}

/// The output of `layer` for the samples in `input`, in a prediction.
pub(crate) fn output<T: Scalar, X, L: Layer<T, X>>(layer: &L, input: &[X]) -> Vec<T> {
    run(layer, input, Mode::Inference).0
}

/// The output of `layer` for the samples in `input`, in training.
pub(crate) fn train<T: Scalar, X, L: Layer<T, X>>(layer: &L, input: &[X]) -> Vec<T> {
    run(layer, input, Mode::Training(Seed::ZERO)).0
}

/// The gradient of the samples in `input`, from the gradient of the output.
pub(crate) fn d_input<T: Scalar, L: Layer<T>>(layer: &L, input: &[T], d_output: &[T]) -> Vec<T> {
    let mut d_input = vec![T::nearest(f64::NAN); input.len()];
    backward(layer, input, d_output, Some(&mut d_input));
    d_input
}

/// The gradients of the parameters, from the gradient of the output.
fn backward<T: Scalar, X, L: Layer<T, X>>(layer: &L, input: &[X], d_output: &[T], d_input: Option<&mut [T]>) -> L {
    let samples = input.len() / L::Input::LEN;
    let (output, cache) = run(layer, input, Mode::Training(Seed::ZERO));
    let forward = Forward {
        input: Batch::new(input, samples),
        output: Batch::new(&output, samples),
        cache: &cache,
        mode: Mode::Training(Seed::ZERO),
    };
    let mut scratch = vec![T::nearest(f64::NAN); L::SCRATCH * samples + L::SCRATCH_ONCE];
    let mut gradients = layer.clone();
    let d_input = d_input.map(|d_input| BatchMut::new(d_input, samples));
    layer.backward(forward, Batch::new(d_output, samples), d_input, Some(&mut gradients), &mut scratch);
    gradients
}

/// Output and cache of the forward pass.
fn run<T: Scalar, X, L: Layer<T, X>>(layer: &L, input: &[X], mode: Mode) -> (Vec<T>, Vec<T>) {
    let samples = input.len() / L::Input::LEN;
    let nan = T::nearest(f64::NAN);
    let mut output = vec![nan; L::Output::LEN * samples];
    let mut cache = vec![nan; L::CACHE * samples];
    let (input, into) = (Batch::new(input, samples), BatchMut::new(&mut output, samples));
    match mode {
        Mode::Inference => layer.forward(input, into, &mut cache),
        Mode::Training(seed) => layer.train(input, into, &mut cache, seed),
    }
    (output, cache)
}

/// A dense target.
pub(crate) fn dense(target: &[f64]) -> Target<'_, f64> {
    target.into()
}

/// The loss and the gradient of the scores.
pub(crate) fn evaluate(loss: impl Loss<f64>, scores: &[f64], target: &Target<'_, f64>, rows: usize) -> (f64, Vec<f64>) {
    let mut d_scores = vec![f64::NAN; scores.len()];
    let value = loss.evaluate(scores, target, rows, Some(&mut d_scores));
    (value, d_scores)
}

/// Asserts that `loss` computes the gradient of its scores at `scores`, and the same value with and without it.
#[track_caller]
pub(crate) fn check_loss(loss: impl Loss<f64>, scores: &[f64], target: &Target<'_, f64>, rows: usize) {
    let (value, d_scores) = evaluate(loss, scores, target, rows);
    assert_eq!(value, loss.evaluate(scores, target, rows, None));
    assert_close(&d_scores, &central_differences(scores, |scores| loss.evaluate(scores, target, rows, None)));
}
