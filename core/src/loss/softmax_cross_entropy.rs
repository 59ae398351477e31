use alloc::vec::Vec;

use rand::Rng;
use rand_distr::{Distribution, Open01};

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

    /// Probabilities: positive, of sum 1 in each sample.
    fn random_target<R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        let mut target: Vec<T> = (0..rows * samples).map(|_| T::nearest(Open01.sample(rng))).collect();
        for sample in target.chunks_exact_mut(rows) {
            let sum = sample.iter().fold(T::ZERO, |sum, &value| sum + value);
            for value in sample {
                *value /= sum;
            }
        }
        target
    }
}

impl<T: Scalar> Classifier<T> for SoftmaxCrossEntropy {
    fn accuracy(&self, _scores: &[T], _target: &Target<'_, T>, _rows: usize) -> f64 {
        todo!()
    }
}
