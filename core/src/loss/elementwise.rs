//! Losses that compare each score with its own target.

use pulp::Simd;

use super::{BinaryCrossEntropyWithLogits, Huber, KlDivergence, MeanAbsoluteError, MeanSquaredError, NoLoss};
use crate::kernel::{Formula, Functions, Vector};

/// The comparison of one score with its target.
pub(crate) trait Elementwise {
    /// The loss of one score.
    fn value<S: Simd, T: Functions>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T>;

    /// Its derivative by the score.
    fn d_score<S: Simd, T: Functions>(&self, score: Vector<S, T>, target: Vector<S, T>) -> Vector<S, T>;
}

/// All of them.
#[derive(Clone, Copy, Debug)]
pub enum Comparison {
    /// [`BinaryCrossEntropyWithLogits`]
    BinaryCrossEntropyWithLogits(BinaryCrossEntropyWithLogits),
    /// [`Huber`]
    Huber(Huber),
    /// [`KlDivergence`]
    KlDivergence(KlDivergence),
    /// [`MeanAbsoluteError`]
    MeanAbsoluteError(MeanAbsoluteError),
    /// [`MeanSquaredError`]
    MeanSquaredError(MeanSquaredError),
    /// [`NoLoss`]
    NoLoss(NoLoss),
}

/// `$do` with `$loss`, whichever `$comparison` it is.
macro_rules! with_comparison {
    ($comparison:expr, $loss:ident => $do:expr) => {
        match $comparison {
            $crate::loss::Comparison::BinaryCrossEntropyWithLogits($loss) => $do,
            $crate::loss::Comparison::Huber($loss) => $do,
            $crate::loss::Comparison::KlDivergence($loss) => $do,
            $crate::loss::Comparison::MeanAbsoluteError($loss) => $do,
            $crate::loss::Comparison::MeanSquaredError($loss) => $do,
            $crate::loss::Comparison::NoLoss($loss) => $do,
        }
    };
}
pub(crate) use with_comparison;

/// The loss of each score.
#[derive(Clone, Copy)]
pub(crate) struct Value<L>(pub(crate) L);

/// Its derivative by the score, times `share`.
#[derive(Clone, Copy)]
pub(crate) struct DScore<L> {
    pub(crate) loss: L,
    pub(crate) share: f64,
}

impl<L: Elementwise, T: Functions> Formula<T, 2, 1> for Value<L> {
    #[inline(always)]
    fn apply<S: Simd>(&self, [score, target]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.0.value(score, target)]
    }
}

impl<L: Elementwise, T: Functions> Formula<T, 2, 1> for DScore<L> {
    #[inline(always)]
    fn apply<S: Simd>(&self, [score, target]: [Vector<S, T>; 2], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.loss.d_score(score, target) * self.share]
    }
}

/// Makes an [`Elementwise`] comparison the loss that is its mean over all scores of all samples.
macro_rules! mean_loss {
    ($name:ident) => {
        impl<T: $crate::Scalar> $crate::loss::Loss<T> for $name {
            fn evaluate(
                &self,
                scores: &[T],
                target: &$crate::Target<'_, T>,
                rows: usize,
                d_scores: Option<&mut [T]>,
            ) -> T {
                let target = target.dense(scores.len() / rows, rows);
                T::compare($crate::loss::Comparison::$name(*self), [scores, target], scores.len(), d_scores)
            }
        }
    };
}
pub(super) use mean_loss;
