//! What a declared network promises, from outside: every network here is declared as a user would.
#![allow(missing_docs, reason = "the tests say what they test")]

mod batches;
mod fusion;
mod generic;
mod gradients;
mod init;
mod log_softmax;
mod losses;
mod optimizers;
mod own_layer;
mod panics;
mod structure;
mod training;
mod vectors;

use constgrad::prelude::*;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

/// A batch of run-time size.
type Columns<T, const R: usize> = OMatrix<T, Const<R>, Dyn>;

fn rng(seed: u64) -> SmallRng {
    SmallRng::seed_from_u64(seed)
}

/// A batch of samples between -1 and 1.
fn random<const R: usize>(columns: usize, seed: u64) -> Columns<f64, R> {
    let mut rng = rng(seed);
    Columns::from_fn(columns, |_, _| rng.random_range(-1.0..1.0))
}

/// A class below `classes` for each of `samples` samples.
fn random_classes(samples: usize, classes: usize, seed: u64) -> Vec<usize> {
    let mut rng = rng(seed);
    (0..samples).map(|_| rng.random_range(0..classes)).collect()
}

fn one_hot<const R: usize>(classes: &[usize]) -> Columns<f64, R> {
    Columns::from_fn(classes.len(), |row, column| f64::from(u8::from(classes[column] == row)))
}

/// All parameters, tensor after tensor.
fn scalars<N: Parameters<Scalar = f64>>(net: &N) -> Vec<f64> {
    (0..N::TENSORS).flat_map(|tensor| net.tensor(tensor).iter().copied()).collect()
}

/// The derivatives of `function` by each scalar of `x`, by central differences.
fn differences<const R: usize>(x: &Columns<f64, R>, function: impl Fn(&Columns<f64, R>) -> f64) -> Columns<f64, R> {
    const STEP: f64 = 1e-5;
    let value = |index: usize, step: f64| {
        let mut moved = x.clone();
        moved[index] += step;
        function(&moved)
    };
    let derivative = |index| (value(index, STEP) - value(index, -STEP)) / (2.0 * STEP);
    Columns::from_iterator(x.ncols(), (0..x.len()).map(derivative))
}

#[track_caller]
fn assert_close<'a>(
    found: impl IntoIterator<Item = &'a f64>,
    expected: impl IntoIterator<Item = &'a f64>,
    tolerance: f64,
) {
    let (found, expected) = (Vec::from_iter(found), Vec::from_iter(expected));
    assert_eq!(found.len(), expected.len());
    let close = found.iter().zip(&expected).all(|(&found, &expected)| (found - expected).abs() <= tolerance);
    assert!(close, "found {found:?}\nexpected {expected:?}");
}
