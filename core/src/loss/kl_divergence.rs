use alloc::vec::Vec;

use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;
use rand::Rng;

use super::{ScoreLoss, random_probabilities};
use crate::Scalar;

/// Kullback-Leibler divergence: the mean over the samples of `Σ target · (ln target - score)`.
///
/// The scores of a sample are logarithms of probabilities, as `log_softmax()` gives them, its target probabilities. A
/// score with target 0 costs nothing, whatever it is; a negative target makes the loss NaN. It is `kl_div` of `PyTorch`
/// with the reduction `batchmean`. The loss of an empty batch is NaN.
///
/// # Gradients
/// - `d_scores = -target / batch size`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KlDivergence;

#[compiled]
impl ScoreLoss for KlDivergence {
    const MEAN_OF_SAMPLES: bool = true;

    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        let zero = target.zero();
        // Not 0 times infinity.
        target.abs().at_most(zero).select(zero, target * (target.each(libm::log) - score))
    }

    fn d_score<S: Simd, T: Real>(&self, _: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        -target
    }

    /// Probabilities: positive, of sum 1 in each sample.
    fn random_target<T: Scalar, R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        random_probabilities(rows, samples, rng)
    }
}

#[cfg(test)]
mod tests {
    use super::KlDivergence;
    use crate::testing::{dense, evaluate};

    #[test]
    fn target_0_costs_nothing() {
        let scores = [0.5_f64.ln(), f64::NEG_INFINITY, 0.5_f64.ln(), f64::NEG_INFINITY];
        let found = evaluate(KlDivergence, &scores, &dense(&[0.5, 0.0, 0.5, -0.0]), 4);
        assert_eq!(found, (0.0, [-0.5, 0.0, -0.5, 0.0].to_vec()));
    }

    #[test]
    fn what_is_no_probability_is_nan() {
        assert!(evaluate(KlDivergence, &[-1.0, -1.0], &dense(&[-0.5, 1.5]), 2).0.is_nan());
        assert!(evaluate(KlDivergence, &[-1.0, -1.0], &dense(&[f64::NAN, 1.0]), 2).0.is_nan());
        assert!(evaluate(KlDivergence, &[f64::NAN, -1.0], &dense(&[0.5, 0.5]), 2).0.is_nan());
    }
}
