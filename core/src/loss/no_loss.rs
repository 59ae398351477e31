use pulp::Simd;

use super::elementwise::Elementwise;
use super::{Comparison, Loss};
use crate::Scalar;
use crate::kernel::{Functions, Vector};
use crate::target::Target;

/// The loss of a network declared without one: the mean over the batch of `target · output`.
///
/// Its gradient is the target over the batch size, so that a gradient check can look at the outputs from any side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoLoss;

impl Elementwise for NoLoss {
    #[inline(always)]
    fn value<S: Simd, T: Functions>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        score * target
    }

    #[inline(always)]
    fn d_score<S: Simd, T: Functions>(&self, _: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        target
    }
}

impl<T: Scalar> Loss<T> for NoLoss {
    fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T {
        let samples = scores.len() / rows;
        T::compare(Comparison::NoLoss(*self), [scores, target.dense(samples, rows)], samples, d_scores)
    }
}
