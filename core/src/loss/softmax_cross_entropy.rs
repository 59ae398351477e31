use super::{Classifier, Loss};
use crate::Scalar;
use crate::target::Target;

/// Cross-entropy of the softmax of the scores: the mean over the batch of `-Σ target · ln softmax(scores)`.
///
/// Softmax and logarithm are computed together, after subtracting the greatest score, so that no score overflows.
///
/// # Gradients
/// - `d_scores = (Σ target · softmax(scores) - target) / batch size`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SoftmaxCrossEntropy;

impl<T: Scalar> Loss<T> for SoftmaxCrossEntropy {
    fn evaluate(&self, _scores: &[T], _target: &Target<'_, T>, _rows: usize, _d_scores: Option<&mut [T]>) -> T {
        todo!()
    }
}

impl<T: Scalar> Classifier<T> for SoftmaxCrossEntropy {
    fn accuracy(&self, _scores: &[T], _target: &Target<'_, T>, _rows: usize) -> f64 {
        todo!()
    }
}
