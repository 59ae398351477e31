//! Losses that compare each score with its own target.

use alloc::vec::Vec;

use constgrad_kernels::{Formula, Precision, Real, Simd, Term, Vector};
use rand::Rng;

use super::{Loss, normal_target};
use crate::{Scalar, Target};

/// A loss that compares each score with its own target: the mean of a formula over all scores of all samples.
///
/// Both formulas are written on [`Vector`]s, as if each were a number. The attribute [`compiled`](crate::compiled) compiles
/// them where they stand, for both scalar types and every instruction set: a loss of your own is as fast as those of this
/// crate.
///
/// ```
/// use constgrad::loss::ScoreLoss;
/// use constgrad::prelude::*;
/// use constgrad::{Real, Simd, Vector, compiled};
///
/// /// The mean of the scores' distances from the target, those that are too low counting `share`, the others `1 - share`.
/// #[derive(Clone, Copy)]
/// pub struct Quantile {
///     pub share: f64,
/// }
///
/// #[compiled]
/// impl ScoreLoss for Quantile {
///     fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
///         let error = score - target;
///         error.at_most(error.zero()).select(-self.share * error, (1.0 - self.share) * error)
///     }
///
///     fn d_score<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T> {
///         let slope = |slope| score.constant(slope);
///         score.at_most(target).select(slope(-self.share), slope(1.0 - self.share))
///     }
/// }
///
/// network! {
///     /// A price that is too low one time in ten.
///     #[loss(Quantile { share: 0.9 })]
///     pub struct Price(x: [4]) -> [1] {
///         x.affine(8).tanh().affine(1)
///     }
/// }
///
/// Price::<f64>::grad_check_random(1).assert_ok();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a loss",
    label = "not a loss",
    note = "implement `constgrad::loss::ScoreLoss` for it where each score has a target of its own, under the attribute `#[compiled]`; \
            otherwise `constgrad::loss::Loss<T>` for every scalar `T`"
)]
pub trait ScoreLoss: Copy + Send + Sync {
    /// Whether the mean is one over the samples, not over all their scores.
    const MEAN_OF_SAMPLES: bool = false;

    /// The loss of one score.
    fn value<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T>;

    /// Its derivative by the score.
    fn d_score<S: Simd, T: Real>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T>;

    /// As [`Loss::random_target`].
    fn random_target<T: Scalar, R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        normal_target(rows, samples, rng)
    }

    /// The sum of the losses of all scores. `#[compiled]` writes it.
    fn sum_f32(self, scores_and_target: [&[f32]; 2]) -> f64;

    /// The sum of the losses of all scores. `#[compiled]` writes it.
    fn sum_f64(self, scores_and_target: [&[f64]; 2]) -> f64;

    /// The derivative of the loss of each score, times `scale`. `#[compiled]` writes it.
    fn gradients_f32(self, scale: f64, scores_and_target: [&[f32]; 2], d_scores: &mut [f32]);

    /// The derivative of the loss of each score, times `scale`. `#[compiled]` writes it.
    fn gradients_f64(self, scale: f64, scores_and_target: [&[f64]; 2], d_scores: &mut [f64]);

    #[doc(hidden)]
    #[inline(always)]
    fn sum<T: Real>(self, scores_and_target: [&[T]; 2]) -> f64 {
        Term::sum(Value(self), scores_and_target)
    }

    #[doc(hidden)]
    #[inline(always)]
    fn gradients<T: Real>(self, scale: f64, scores_and_target: [&[T]; 2], d_scores: &mut [T]) {
        Formula::map(DScore { loss: self, scale }, scores_and_target, [d_scores]);
    }
}

impl<T: Scalar, L: ScoreLoss> Loss<T> for L {
    fn weight(&self, target: &Target<'_, T>, samples: usize, rows: usize) -> f64 {
        let of_each = if L::MEAN_OF_SAMPLES { 1 } else { rows } as f64;
        match target.weights() {
            [] => samples as f64 * of_each,
            weights => weights.iter().map(|weight| weight.to_f64()).sum::<f64>() * of_each,
        }
    }

    fn sum(&self, scores: &[T], target: &Target<'_, T>, rows: usize, total: f64, d_scores: Option<&mut [T]>) -> f64 {
        let target_values = target.dense(scores.len() / rows, rows);
        if target.weights().is_empty() {
            return sum(*self, [scores, target_values], 1.0 / total, d_scores);
        }
        let mut d_scores = d_scores.map(|d_scores| d_scores.chunks_exact_mut(rows));
        let samples = scores.chunks_exact(rows).zip(target_values.chunks_exact(rows));
        let of_sample = |((scores, target), weight): ((_, _), &T)| {
            let d_scores = d_scores.as_mut().and_then(Iterator::next);
            if *weight == T::ZERO {
                // What weighs nothing costs nothing, whatever its scores.
                if let Some(d_scores) = d_scores {
                    d_scores.fill(T::ZERO);
                }
                return 0.0;
            }
            weight.to_f64() * sum(*self, [scores, target], weight.to_f64() / total, d_scores)
        };
        samples.zip(target.weights()).map(of_sample).sum()
    }

    fn random_target<R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        ScoreLoss::random_target(self, rows, samples, rng)
    }
}

/// The sum of the losses of all scores, and where asked for its gradient times `scale`.
fn sum<T: Scalar>(loss: impl ScoreLoss, scores_and_target: [&[T]; 2], scale: f64, d_scores: Option<&mut [T]>) -> f64 {
    if let Some(d_scores) = d_scores {
        T::map(DScore { loss, scale }, scores_and_target, [d_scores]);
    }
    <T as Precision>::sum(Value(loss), scores_and_target)
}

/// The loss of each score.
#[derive(Clone, Copy)]
struct Value<L>(L);

/// Its derivative by the score, times `scale`.
#[derive(Clone, Copy)]
struct DScore<L> {
    loss: L,
    scale: f64,
}

impl<L: ScoreLoss> Term<2> for Value<L> {
    #[inline(always)]
    fn term<S: Simd, T: Real>(&self, [score, target]: [Vector<S, T>; 2]) -> Vector<S, T> {
        self.0.value(score, target)
    }

    fn sum_f32(self, scores_and_target: [&[f32]; 2]) -> f64 {
        self.0.sum_f32(scores_and_target)
    }

    fn sum_f64(self, scores_and_target: [&[f64]; 2]) -> f64 {
        self.0.sum_f64(scores_and_target)
    }
}

impl<L: ScoreLoss> Formula<2, 1> for DScore<L> {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, [score, target]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.loss.d_score(score, target) * self.scale]
    }

    fn map_f32(self, scores_and_target: [&[f32]; 2], [d_scores]: [&mut [f32]; 1]) {
        self.loss.gradients_f32(self.scale, scores_and_target, d_scores);
    }

    fn map_f64(self, scores_and_target: [&[f64]; 2], [d_scores]: [&mut [f64]; 1]) {
        self.loss.gradients_f64(self.scale, scores_and_target, d_scores);
    }
}
