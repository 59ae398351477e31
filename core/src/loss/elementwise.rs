//! Losses that compare each score with its own target.

use crate::Scalar;

/// The comparison of one score with its target.
pub(crate) trait Elementwise<T> {
    /// The loss of one score.
    fn value(&self, score: T, target: T) -> T;

    /// Its derivative by the score.
    fn d_score(&self, score: T, target: T) -> T;
}

/// The mean over all scores of all samples; where asked for, with its gradient.
pub(crate) fn mean<T: Scalar>(
    loss: &impl Elementwise<T>,
    scores: &[T],
    target: &[T],
    rows: usize,
    d_scores: Option<&mut [T]>,
) -> T {
    let count = T::nearest(scores.len() as f64);
    if let Some(d_scores) = d_scores {
        for ((d_score, &score), &target) in d_scores.iter_mut().zip(scores).zip(target) {
            *d_score = loss.d_score(score, target) / count;
        }
    }
    // Summed by sample first, so that rounding errors of a large batch stay small.
    let sums = scores.chunks_exact(rows).zip(target.chunks_exact(rows)).map(|(scores, target)| {
        scores.iter().zip(target).fold(T::ZERO, |sum, (&score, &target)| sum + loss.value(score, target))
    });
    sums.fold(T::ZERO, |sum, sample| sum + sample) / count
}

/// Makes an [`Elementwise`] comparison the loss that is its mean, by a method of `Kernel`.
macro_rules! mean_loss {
    ($name:ident, $method:ident) => {
        impl<T: $crate::Scalar> $crate::loss::Loss<T> for $name {
            fn evaluate(
                &self,
                scores: &[T],
                target: &$crate::Target<'_, T>,
                rows: usize,
                d_scores: Option<&mut [T]>,
            ) -> T {
                let target = target.dense(scores.len() / rows, rows);
                T::$method(*self, scores, target, rows, d_scores)
            }
        }
    };
}
pub(super) use mean_loss;
