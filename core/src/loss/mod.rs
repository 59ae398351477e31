//! Losses: what training makes small, each with its gradient beside it.

mod no_loss;
mod softmax_cross_entropy;

pub use no_loss::NoLoss;
pub use softmax_cross_entropy::SoftmaxCrossEntropy;

use alloc::vec::Vec;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::Scalar;
use crate::target::Target;

/// A loss: how far scores are from a target, as one number, with its gradient.
pub trait Loss<T: Scalar>: Copy {
    /// The mean loss of a batch of samples of `rows` scores; where asked for, `d_scores` receives its gradient.
    ///
    /// # Panics
    /// If `target` does not fit `scores`.
    fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T;

    /// A dense target for `samples` samples of `rows` scores, drawn from all that make sense for this loss: where
    /// nothing else is said, normally distributed.
    fn random_target<R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        let draw = |_| T::nearest(StandardNormal.sample(rng));
        (0..rows * samples).map(draw).collect()
    }
}

/// A loss whose scores say a class, so that an accuracy exists.
pub trait Classifier<T: Scalar>: Loss<T> {
    /// The share of right answers, between 0 and 1; a sample with a NaN score is wrong.
    ///
    /// # Panics
    /// If `target` does not fit `scores`.
    fn accuracy(&self, scores: &[T], target: &Target<'_, T>, rows: usize) -> f64;
}
