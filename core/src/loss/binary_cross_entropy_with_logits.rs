use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Classifier, ScoreLoss};
use crate::Scalar;
use crate::target::Target;

/// Cross-entropy of the sigmoid of each score by itself: the mean of
/// `-target · ln σ(score) - (1 - target) · ln(1 - σ(score))` over all scores of all samples.
///
/// Each score is the logit of a yes-or-no question, its target the probability of yes: 1, 0 or between. Sigmoid and
/// logarithm are computed together, as `max(score, 0) - score · target + ln(1 + e^-|score|)`, so that no score overflows.
/// The loss of an empty batch is NaN.
///
/// # Accuracy
/// - the share of scores on the right side of 0: a positive score is right for a target above ½, any other for any other
///
/// # Gradients
/// - `d_scores = (σ(scores) - target) / (batch size · scores a sample)`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BinaryCrossEntropyWithLogits;

#[compiled]
impl ScoreLoss for BinaryCrossEntropyWithLogits {
    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        (score.positive() - score * target) + score.ln_1p_exp_neg_abs()
    }

    fn d_score<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        score.sigmoid() - target
    }
}

impl<T: Scalar> Classifier<T> for BinaryCrossEntropyWithLogits {
    fn accuracy(&self, scores: &[T], target: &Target<'_, T>, rows: usize) -> f64 {
        let half = T::nearest(0.5);
        let target = target.dense(scores.len() / rows, rows);
        let is_right = |&(&score, &target): &(&T, &T)| if target > half { score > T::ZERO } else { score <= T::ZERO };
        scores.iter().zip(target).filter(is_right).count() as f64 / scores.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::BinaryCrossEntropyWithLogits;
    use crate::loss::Classifier;
    use crate::testing::{dense, evaluate};

    #[test]
    fn large_scores_do_not_overflow() {
        let found = evaluate(BinaryCrossEntropyWithLogits, &[1e4, 1e4, -1e4, -1e4], &dense(&[1.0, 0.0, 1.0, 0.0]), 4);
        assert_eq!(found, (5e3, [0.0, 0.25, -0.25, 0.0].to_vec()));
    }

    #[test]
    fn scores_are_right_on_the_side_of_their_target() {
        let accuracy = |score, target| BinaryCrossEntropyWithLogits.accuracy(&[score], &dense(&[target]), 1);
        assert_eq!([accuracy(0.1, 1.0), accuracy(0.1, 0.6), accuracy(-0.1, 0.5), accuracy(0.0, 0.0)], [1.0; 4]);
        assert_eq!([accuracy(-0.1, 1.0), accuracy(0.1, 0.5), accuracy(0.0, 1.0)], [0.0; 3]);
        assert_eq!([accuracy(f64::NAN, 0.0), accuracy(f64::NAN, 1.0)], [0.0; 2]);
    }
}
