//! Losses: what training makes small, each with its gradient beside it.

mod binary_cross_entropy_with_logits;
mod huber;
mod kl_divergence;
mod mean_absolute_error;
mod mean_squared_error;
mod no_loss;
mod score_loss;
mod softmax_cross_entropy;

pub use binary_cross_entropy_with_logits::BinaryCrossEntropyWithLogits;
pub use huber::Huber;
pub use kl_divergence::KlDivergence;
pub use mean_absolute_error::MeanAbsoluteError;
pub use mean_squared_error::MeanSquaredError;
pub use no_loss::NoLoss;
pub use score_loss::ScoreLoss;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;

use alloc::vec::Vec;

use rand::Rng;
use rand_distr::{Distribution, Open01, StandardNormal};

use crate::Scalar;
use crate::target::Target;

/// A loss: how far scores are from a target, as one number, with its gradient.
///
/// One of your own, which a network names by its type:
///
/// ```
/// use constgrad::loss::Loss;
/// use constgrad::prelude::*;
/// use constgrad::{Scalar, Target};
///
/// /// The mean of the scores' distances from the target, those that are too low counting `share`, the others `1 - share`.
/// #[derive(Clone, Copy)]
/// pub struct Quantile {
///     pub share: f64,
/// }
///
/// impl<T: Scalar> Loss<T> for Quantile {
///     fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T {
///         let count = T::nearest(scores.len() as f64);
///         let target = target.dense(scores.len() / rows, rows);
///         let slope = |score: T, target: T| T::nearest(if score < target { -self.share } else { 1.0 - self.share });
///         let pairs = || scores.iter().zip(target).map(|(&score, &target)| (score, target));
///         for (d_score, (score, target)) in d_scores.into_iter().flatten().zip(pairs()) {
///             *d_score = slope(score, target) / count;
///         }
///         let distances = pairs().map(|(score, target)| slope(score, target) * (score - target));
///         distances.fold(T::ZERO, |sum, distance| sum + distance) / count
///     }
/// }
///
/// network! {
///     /// A price that is too low one time in ten.
///     #[loss(Quantile { share: 0.9 })]
///     pub struct Price(x: [4]) -> [1] {
///         x.affine(8).tanh().affine(1)
///     }
/// }
///
/// Price::<f64>::grad_check_random(1).assert_ok();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss over `{T}`",
    label = "not a loss",
    note = "implement `constgrad::loss::ScoreLoss` for it where each score has a target of its own, under the attribute `#[compiled]`; \
            otherwise `constgrad::loss::Loss<T>` for every scalar `T`"
)]
pub trait Loss<T: Scalar>: Copy {
    /// The mean loss of a batch of samples of `rows` scores; where asked for, `d_scores` receives its gradient.
    ///
    /// An empty batch has no mean: its loss is NaN.
    ///
    /// # Panics
    /// If `target` does not fit `scores`.
    #[track_caller]
    fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T;

    /// A dense target for `samples` samples of `rows` scores, drawn from all that make sense for this loss: where
    /// nothing else is said, normally distributed.
    fn random_target<R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        normal_target(rows, samples, rng)
    }
}

/// Normally distributed numbers.
fn normal_target<T: Scalar, R: Rng + ?Sized>(rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
    let draw = |_| T::nearest(StandardNormal.sample(rng));
    (0..rows * samples).map(draw).collect()
}

/// Positive numbers, of sum 1 in each sample.
fn random_probabilities<T: Scalar, R: Rng + ?Sized>(rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
    let mut target: Vec<T> = (0..rows * samples).map(|_| T::nearest(Open01.sample(rng))).collect();
    for sample in target.chunks_exact_mut(rows) {
        let sum = sample.iter().fold(T::ZERO, |sum, &value| sum + value);
        for value in sample {
            *value /= sum;
        }
    }
    target
}

/// A loss whose scores say a class, so that an accuracy exists.
#[diagnostic::on_unimplemented(
    message = "there is no accuracy under `{Self}`: its scores do not say a class",
    note = "implement `constgrad::loss::Classifier<{T}>` for it"
)]
pub trait Classifier<T: Scalar>: Loss<T> {
    /// The share of right answers, between 0 and 1; where a score is NaN, the answer is wrong.
    ///
    /// An empty batch has no such share: the result is NaN.
    ///
    /// # Panics
    /// If `target` does not fit `scores`.
    #[track_caller]
    fn accuracy(&self, scores: &[T], target: &Target<'_, T>, rows: usize) -> f64;
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::{
        BinaryCrossEntropyWithLogits, Classifier, Huber, KlDivergence, Loss, MeanAbsoluteError, MeanSquaredError,
        NoLoss, SoftmaxCrossEntropy,
    };
    use crate::target::{Classes, Target};
    use crate::testing::{check_loss, dense, evaluate, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let (scores, target) = (random(12, 1), random(12, 2));
        check_loss(NoLoss, &scores, &dense(&target), 4);
        check_loss(MeanAbsoluteError, &scores, &dense(&target), 4);
        check_loss(MeanSquaredError, &scores, &dense(&target), 4);
        check_loss(BinaryCrossEntropyWithLogits, &scores, &dense(&target), 4);
        check_loss(Huber::new(1.5), &scores, &dense(&target), 4);
        let probabilities: Vec<f64> = KlDivergence.random_target(4, 3, &mut SmallRng::seed_from_u64(3));
        check_loss(KlDivergence, &scores, &dense(&probabilities), 4);
    }

    #[test]
    fn an_empty_batch_has_no_mean() {
        assert!(evaluate(NoLoss, &[], &dense(&[]), 4).0.is_nan());
        assert!(evaluate(MeanAbsoluteError, &[], &dense(&[]), 4).0.is_nan());
        assert!(evaluate(MeanSquaredError, &[], &dense(&[]), 4).0.is_nan());
        assert!(evaluate(Huber::new(1.0), &[], &dense(&[]), 4).0.is_nan());
        assert!(evaluate(KlDivergence, &[], &dense(&[]), 4).0.is_nan());
        assert!(evaluate(BinaryCrossEntropyWithLogits, &[], &dense(&[]), 4).0.is_nan());
        assert!(evaluate(SoftmaxCrossEntropy::new(0.0, &[]), &[], &dense(&[]), 4).0.is_nan());
        assert!(BinaryCrossEntropyWithLogits.accuracy(&[], &dense(&[]), 4).is_nan());
        assert!(SoftmaxCrossEntropy::new(0.0, &[]).accuracy(&[], &dense(&[]), 4).is_nan());
    }

    #[test]
    #[should_panic(expected = "takes a dense target")]
    fn class_indices_are_refused_where_they_mean_nothing() {
        let _ = MeanSquaredError.evaluate(&[0.0; 4], &Target::Classes(Classes::U8(&[1])), 4, None);
    }
}
