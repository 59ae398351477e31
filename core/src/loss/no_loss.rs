use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::ScoreLoss;

/// The loss of a network declared without one: the mean over the batch of `target · output`.
///
/// Its gradient is the target over the batch size, so that a gradient check can look at the outputs from any side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoLoss;

#[compiled]
impl ScoreLoss for NoLoss {
    const MEAN_OF_SAMPLES: bool = true;

    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        score * target
    }

    fn d_score<S: Simd, T: Real>(&self, _: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        target
    }
}
