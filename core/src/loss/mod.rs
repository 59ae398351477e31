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
/// Where each score is compared with its own target, implement [`ScoreLoss`]: two formulas, as fast as those of this crate. For
/// anything else this trait says what a batch costs: the sum over its samples, and what that is divided by to be a mean. So a
/// batch can be cut into parts that are added up.
///
/// A loss may take class indices, if it [says so](TakesClasses), and should count each sample with the
/// [weight](Target::weights) that it may have:
///
/// ```
/// use constgrad::loss::{Loss, TakesClasses};
/// use constgrad::prelude::*;
/// use constgrad::{Scalar, Target};
///
/// /// How far the score of a class is below the greatest other score and a margin (Crammer and Singer, 2001).
/// #[derive(Clone, Copy)]
/// pub struct Hinge {
///     pub margin: f64,
/// }
///
/// impl TakesClasses for Hinge {}
///
/// impl<T: Scalar> Loss<T> for Hinge {
///     const PER_POSITION: bool = true;
///
///     fn weight(&self, _: &Target<'_, T>, samples: usize, _: usize) -> f64 {
///         samples as f64
///     }
///
///     fn sum(
///         &self,
///         scores: &[T],
///         target: &Target<'_, T>,
///         rows: usize,
///         total: f64,
///         mut d_scores: Option<&mut [T]>,
///     ) -> f64 {
///         let classes = target.classes().expect("a hinge is of classes");
///         let mut sum = 0.0;
///         for (sample, scores) in scores.chunks_exact(rows).enumerate() {
///             let class = classes.get(sample);
///             let others = (0..rows).filter(|&other| other != class);
///             let rival = others.max_by(|&a, &b| scores[a].to_f64().total_cmp(&scores[b].to_f64())).unwrap_or(class);
///             let cost = self.margin + scores[rival].to_f64() - scores[class].to_f64();
///             sum += cost.max(0.0);
///             if let Some(d_scores) = &mut d_scores {
///                 let slope = T::nearest(if cost > 0.0 { 1.0 / total } else { 0.0 });
///                 let d_scores = &mut d_scores[sample * rows..][..rows];
///                 d_scores.fill(T::ZERO);
///                 d_scores[rival] += slope;
///                 d_scores[class] -= slope;
///             }
///         }
///         sum
///     }
/// }
///
/// network! {
///     #[loss(Hinge { margin: 1.0 })]
///     #[no_gradient_test]
///     pub struct Classifier(x: [2]) -> [3] {
///         x.affine(8).tanh().affine(3)
///     }
/// }
///
/// # use constgrad::rand::{SeedableRng, rngs::SmallRng};
/// let net = Classifier::<f64>::init(&mut SmallRng::seed_from_u64(1));
/// let x = SMatrix::<f64, 2, 4>::new(0., 1., 2., 3., -1., 0.5, 2., 1.);
/// net.grad_check(&x, &[0_u8, 2, 1, 1]).assert_ok();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss over `{T}`",
    label = "not a loss",
    note = "implement `constgrad::loss::ScoreLoss` for it where each score has a target of its own, under the attribute `#[compiled]`; \
            otherwise `constgrad::loss::Loss<T>` for every scalar `T`"
)]
pub trait Loss<T: Scalar>: Copy {
    /// Whether it compares the scores along the last axis by themselves, so that in a sequence each position has a target.
    const PER_POSITION: bool = false;

    /// Whether the cost of a sample depends on others, so that a batch cannot be cut into parts.
    const WHOLE_BATCH: bool = false;

    /// What the sum of the costs is divided by to be a mean, such as the number of samples; each has `rows` scores.
    fn weight(&self, target: &Target<'_, T>, samples: usize, rows: usize) -> f64;

    /// The sum of the costs of samples of `rows` scores; where asked for, `d_scores` receives the gradient of the sum over
    /// `total`.
    ///
    /// # Panics
    /// If `target` does not fit `scores`.
    #[track_caller]
    fn sum(&self, scores: &[T], target: &Target<'_, T>, rows: usize, total: f64, d_scores: Option<&mut [T]>) -> f64;

    /// The mean loss of a batch of samples of `rows` scores; where asked for, `d_scores` receives its gradient.
    ///
    /// A batch that is empty or weighs nothing has no mean: its loss is NaN.
    ///
    /// # Panics
    /// If `target` does not fit `scores`.
    #[track_caller]
    fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T {
        let weight = self.weight(target, scores.len() / rows, rows);
        let total = if weight == 0.0 { f64::NAN } else { weight };
        T::nearest(self.sum(scores, target, rows, total, d_scores) / total)
    }

    /// A dense target for `samples` samples of `rows` scores, drawn from all that make sense for this loss: where
    /// nothing else is said, normally distributed.
    fn random_target<R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        normal_target(rows, samples, rng)
    }
}

/// A loss that takes class indices: what is compared is the index of one of the scores.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no class indices",
    label = "`{Self}` takes no class indices",
    note = "a target of this loss is a reference to a matrix of scalars; those of `SoftmaxCrossEntropy`, and of every loss that \
            is `constgrad::loss::TakesClasses`, may be class indices"
)]
pub trait TakesClasses {}

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
        let _ = MeanSquaredError.evaluate(&[0.0; 4], &Target::from_classes(Classes::U8(&[1])), 4, None);
    }
}
