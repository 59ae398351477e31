use constgrad_kernels::{Real, Simd, Vector};
use constgrad_macros::compiled;

use super::ScoreLoss;

/// Huber loss: squared near the target, linear far from it, the mean over all scores of all samples.
///
/// With `e = score - target` and the threshold `delta`, a score costs `e² / 2` where `|e| <= delta`, otherwise
/// `delta · (|e| - delta / 2)`. The loss of an empty batch is NaN.
///
/// # Gradients
/// - `d_scores = e / (batch size · scores a sample)`, with `e` clamped to between `-delta` and `delta`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    delta: f64,
}

impl Huber {
    /// The Huber loss that turns linear at a distance of `delta`.
    ///
    /// # Panics
    /// If `delta` is not positive; at compile time in a `const`, such as the loss of a network.
    #[must_use]
    #[track_caller]
    pub const fn new(delta: f64) -> Self {
        assert!(delta > 0.0, "the `delta` of a Huber loss is positive");
        Self { delta }
    }
}

#[compiled]
impl ScoreLoss for Huber {
    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        let error = (score - target).abs();
        let linear = self.delta * (error - 0.5 * self.delta);
        error.at_most(error.constant(self.delta)).select(0.5 * error * error, linear)
    }

    fn d_score<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
        (score - target).no_less_than(-self.delta).no_more_than(self.delta)
    }
}

#[cfg(test)]
mod tests {
    use super::Huber;
    use crate::testing::{dense, evaluate};

    #[test]
    fn nan_propagates() {
        let (loss, d_scores) = evaluate(Huber::new(1.0), &[f64::NAN, 0.0], &dense(&[0.0; 2]), 2);
        assert!(loss.is_nan() && d_scores[0].is_nan() && d_scores[1] == 0.0);
    }

    #[test]
    #[should_panic(expected = "the `delta` of a Huber loss is positive")]
    fn delta_is_positive() {
        let _ = Huber::new(0.0);
    }
}
