//! What the unit tests of layers, operators and losses share.

use alloc::vec;
use alloc::vec::Vec;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use crate::loss::Loss;
use crate::samples::Samples;
use crate::target::Target;
use crate::{Batch, BatchMut, Forward, Layer, Scalar, Shape};

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

/// Asserts that `layer` computes the gradient of its input at `input`.
#[track_caller]
pub(crate) fn check_layer<L: Layer<f64>>(layer: &L, input: &[f64]) {
    let d_output = random(input.len() / L::Input::LEN * L::Output::LEN, 7);
    let numerical = central_differences(input, |input| dot(&d_output, &output(layer, input)));
    assert_close(&d_input(layer, input, &d_output), &numerical);
}

/// The output of `layer` for the samples in `input`.
pub(crate) fn output<T: Scalar, L: Layer<T>>(layer: &L, input: &[T]) -> Vec<T> {
    run(layer, input).0
}

/// The gradient of the samples in `input`, from the gradient of the output.
pub(crate) fn d_input<T: Scalar, L: Layer<T>>(layer: &L, input: &[T], d_output: &[T]) -> Vec<T> {
    let (output, cache) = run(layer, input);
    let samples = input.len() / L::Input::LEN;
    let forward = Forward { input: Batch::new(input, samples), output: Batch::new(&output, samples), cache: &cache };
    let mut d_input = vec![T::nearest(f64::NAN); input.len()];
    let mut scratch = vec![T::ZERO; L::SCRATCH * samples];
    let into = BatchMut::new(&mut d_input, samples);
    layer.backward(forward, Batch::new(d_output, samples), Some(into), &mut layer.clone(), &mut scratch);
    d_input
}

/// Output and cache of the forward pass.
fn run<T: Scalar, L: Layer<T>>(layer: &L, input: &[T]) -> (Vec<T>, Vec<T>) {
    let samples = input.len() / L::Input::LEN;
    let mut output = vec![T::nearest(f64::NAN); L::Output::LEN * samples];
    let mut cache = vec![T::ZERO; L::CACHE * samples];
    layer.forward(Batch::new(input, samples), BatchMut::new(&mut output, samples), &mut cache);
    (output, cache)
}

/// A dense target.
pub(crate) fn dense(target: &[f64]) -> Target<'_, f64> {
    Target::Dense(Samples::from_slice(target))
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
