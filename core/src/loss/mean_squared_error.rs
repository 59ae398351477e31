use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::ScoreLoss;

/// Mean squared error: the mean of `(score - target)²` over all scores of all samples.
///
/// The loss of an empty batch is NaN. The book's version, half the sum over a sample, is this times half the number of
/// scores a sample.
///
/// # Gradients
/// - `d_scores = 2 · (scores - target) / (batch size · scores a sample)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

#[compiled]
impl ScoreLoss for MeanSquaredError {
    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        (score - target) * (score - target)
    }

    fn d_score<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        2.0 * (score - target)
    }
}
