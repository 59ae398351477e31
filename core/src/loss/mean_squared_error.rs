use pulp::Simd;

use super::elementwise::{Elementwise, mean_loss};
use crate::kernel::{Functions, Vector};

/// Mean squared error: the mean of `(score - target)²` over all scores of all samples.
///
/// The loss of an empty batch is NaN. The book's version, half the sum over a sample, is this times half the number of
/// scores a sample.
///
/// # Gradients
/// - `d_scores = 2 · (scores - target) / (batch size · scores a sample)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl Elementwise for MeanSquaredError {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        (score - target) * (score - target)
    }

    #[inline(always)]
    fn d_score<S: Simd, T: Functions>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        2.0 * (score - target)
    }
}

mean_loss!(MeanSquaredError);
