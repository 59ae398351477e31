use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::ScoreLoss;

/// Mean absolute error, or L1: the mean of `|score - target|` over all scores of all samples.
///
/// The loss of an empty batch is NaN.
///
/// # Gradients
/// - `d_scores = sign(score - target) / (batch size · scores a sample)`; the sign of 0 is 0
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeanAbsoluteError;

#[compiled]
impl ScoreLoss for MeanAbsoluteError {
    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        (score - target).abs()
    }

    fn d_score<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        (score - target).sign()
    }
}

#[cfg(test)]
mod tests {
    use super::MeanAbsoluteError;
    use crate::testing::{dense, evaluate};

    #[test]
    fn the_gradient_is_the_sign() {
        let scores = [f64::NAN, 0.0, 1e-300, -2.0, f64::INFINITY, f64::NEG_INFINITY];
        let (loss, d_scores) = evaluate(MeanAbsoluteError, &scores, &dense(&[0.0; 6]), 6);
        assert!(loss.is_nan() && d_scores[0].is_nan());
        assert_eq!(d_scores[1..], [0.0, 1.0, -1.0, 1.0, -1.0].map(|sign| sign / 6.0));
    }
}
