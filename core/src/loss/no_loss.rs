use super::Loss;
use crate::Scalar;
use crate::target::Target;

/// The loss of a network declared without one: the mean over the batch of `target · output`.
///
/// Its gradient is the target over the batch size, so that a gradient check can look at the outputs from any side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoLoss;

impl<T: Scalar> Loss<T> for NoLoss {
    fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T {
        let samples = scores.len() / rows;
        let target = target.dense(samples, rows);
        let scale = T::ONE / T::nearest(samples as f64);
        if let Some(d_scores) = d_scores {
            for (d_score, &target) in d_scores.iter_mut().zip(target) {
                *d_score = target * scale;
            }
        }
        scores.iter().zip(target).fold(T::ZERO, |sum, (&score, &target)| sum + score * target) * scale
    }
}
