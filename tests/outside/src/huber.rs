use constgrad::loss::ScoreLoss;
use constgrad::{Real, Simd, Vector, compiled};

/// A copy of [`constgrad::loss::Huber`].
#[derive(Clone, Copy, Debug)]
pub struct Huber {
    /// Where it turns linear.
    pub delta: f64,
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
