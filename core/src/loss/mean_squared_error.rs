use super::elementwise::{Elementwise, mean_loss};
use crate::Scalar;

/// Mean squared error: the mean of `(score - target)²` over all scores of all samples.
///
/// The loss of an empty batch is NaN. The book's version, half the sum over a sample, is this times half the number of
/// scores a sample.
///
/// # Gradients
/// - `d_scores = 2 · (scores - target) / (batch size · scores a sample)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanSquaredError;

impl<T: Scalar> Elementwise<T> for MeanSquaredError {
    fn value(&self, score: T, target: T) -> T {
        (score - target) * (score - target)
    }

    fn d_score(&self, score: T, target: T) -> T {
        T::nearest(2.0) * (score - target)
    }
}

mean_loss!(MeanSquaredError, mean_squared_error);
