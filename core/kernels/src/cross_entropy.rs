//! The cross-entropy of the softmax of rows of scores.

use crate::simd::Real;
use crate::softmax::{exponentiate, greatest, powers, sum};

/// What rows of scores are compared with.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum RowTargets<'a, T> {
    /// Shares of all classes, as many scalars as scores.
    Shares(&'a [T]),
    /// The index of one class a row.
    Usize(&'a [usize]),
    /// The index of one class a row, as a byte.
    U8(&'a [u8]),
}

/// The sum over the rows of `-weight · Σ share · ln softmax(scores)`, and its gradient times `scale`.
///
/// For the share of a class stands `class_weight · ((1 - smoothing) · share + smoothing / len)`.
#[derive(Debug)]
pub struct CrossEntropy<'a, T> {
    /// Rows of `len` scalars.
    pub scores: &'a [T],
    /// The scalars of a row.
    pub len: usize,
    /// What the rows are compared with.
    pub targets: RowTargets<'a, T>,
    /// The share of a target that goes to all classes alike.
    pub smoothing: f64,
    /// One a class; empty where all are 1.
    pub class_weights: &'a [f64],
    /// One for each [`rows_a_weight`](Self::rows_a_weight) rows; empty where all are 1.
    pub weights: &'a [T],
    /// How many rows have a weight together.
    pub rows_a_weight: usize,
    /// What the gradient is multiplied by.
    pub scale: f64,
    /// Receives the gradient of the scores. What is below the root of the least normal scalar is 0, so that products with it
    /// are no subnormal numbers, with which a processor is slow.
    pub d_scores: Option<&'a mut [T]>,
    /// Receives the sum.
    pub sum: &'a mut f64,
}

runs!(CrossEntropy, work => cross_entropy(work));

fn cross_entropy<T: Real>(work: CrossEntropy<'_, T>) {
    let CrossEntropy { scores, len, targets, smoothing, class_weights, weights, rows_a_weight, scale, d_scores, sum } =
        work;
    let smoothed = T::from_f64(smoothing / len as f64);
    let rows = Rows {
        len,
        targets,
        kept: T::from_f64(1.0 - smoothing),
        each: smoothed,
        class_weights,
        weights,
        together: rows_a_weight,
    };
    *sum = match d_scores {
        Some(d_scores) => rows.with_gradient(scores, T::from_f64(scale), d_scores),
        None => rows.without_gradient(scores),
    };
}

/// What rows are compared with, and how: `class_weight · (kept · share + each)` stands for a share.
#[derive(Clone, Copy)]
struct Rows<'a, T> {
    len: usize,
    targets: RowTargets<'a, T>,
    kept: T,
    each: T,
    class_weights: &'a [f64],
    weights: &'a [T],
    together: usize,
}

impl<T: Real> Rows<'_, T> {
    fn with_gradient(self, scores: &[T], scale: T, d_scores: &mut [T]) -> f64 {
        let len = self.len;
        powers(scores, len, d_scores);
        let mut total = 0.0;
        for (row, (scores, d_scores)) in scores.chunks_exact(len).zip(d_scores.chunks_exact_mut(len)).enumerate() {
            let sum_of_powers = sum(d_scores);
            total += self.cost(scores, row, sum_of_powers);
            let inverse = T::ONE / sum_of_powers;
            let scale = if self.weights.is_empty() { scale } else { scale * self.weight(row) };
            match (self.class(row), self.targets) {
                // A row of one class, which weighs as its class does.
                (Some(class), _) if self.each == T::ZERO => {
                    let scale = scale * self.class_weight(class);
                    let of_class = not_tiny((d_scores[class] * inverse - T::ONE) * scale);
                    for d_score in &mut *d_scores {
                        *d_score = not_tiny(*d_score * inverse * scale);
                    }
                    d_scores[class] = of_class;
                }
                (None, RowTargets::Shares(shares)) if self.class_weights.is_empty() => {
                    let shares = &shares[row * len..][..len];
                    let sum_of_shares = self.kept * sum(shares) + self.each * T::from_f64(len as f64);
                    for (d_score, &share) in d_scores.iter_mut().zip(shares) {
                        let share = self.kept * share + self.each;
                        *d_score = not_tiny((sum_of_shares * (*d_score * inverse) - share) * scale);
                    }
                }
                _ => {
                    let weighed = |class| self.weigh(class, self.share(row, class));
                    let sum_of_shares = (0..len).map(weighed).fold(T::ZERO, |sum, share| sum + share);
                    for (class, d_score) in d_scores.iter_mut().enumerate() {
                        *d_score = not_tiny((sum_of_shares * (*d_score * inverse) - weighed(class)) * scale);
                    }
                }
            }
        }
        total
    }

    fn without_gradient(self, scores: &[T]) -> f64 {
        let cost = |(row, scores)| self.cost(scores, row, sum_of_powers(scores));
        scores.chunks_exact(self.len).enumerate().map(cost).sum()
    }

    /// The cost of one row, given its `Σ e^(score - greatest)`.
    fn cost(self, scores: &[T], row: usize, sum_of_powers: T) -> f64 {
        let (greatest, ln_sum) = (greatest(scores), sum_of_powers.ln());
        // Not 0 times infinity, for a score of minus infinity, which rules a class out.
        let cost = |score, share: T| {
            if share == T::ZERO { 0.0 } else { (share * (ln_sum - (score - greatest))).to_f64() }
        };
        let cost = match self.class(row) {
            Some(class) if self.each == T::ZERO => cost(scores[class], self.class_weight(class)),
            _ => {
                let of_class = |(class, &score)| cost(score, self.weigh(class, self.share(row, class)));
                scores.iter().enumerate().map(of_class).sum()
            }
        };
        if self.weights.is_empty() {
            return cost;
        }
        let weight = self.weight(row).to_f64();
        // What weighs nothing costs nothing, whatever its scores.
        if weight == 0.0 { 0.0 } else { weight * cost }
    }

    /// The one class of a row, where it has one.
    fn class(self, row: usize) -> Option<usize> {
        match self.targets {
            RowTargets::Shares(_) => None,
            RowTargets::Usize(classes) => Some(classes[row]),
            RowTargets::U8(classes) => Some(classes[row].into()),
        }
    }

    /// The share of one class of a row.
    fn share(self, row: usize, class: usize) -> T {
        match self.targets {
            RowTargets::Shares(shares) => shares[row * self.len + class],
            _ if self.class(row) == Some(class) => T::ONE,
            _ => T::ZERO,
        }
    }

    fn weigh(self, class: usize, share: T) -> T {
        self.class_weight(class) * (self.kept * share + self.each)
    }

    fn class_weight(self, class: usize) -> T {
        self.class_weights.get(class).map_or(T::ONE, |&weight| T::from_f64(weight))
    }

    fn weight(self, row: usize) -> T {
        self.weights[row / self.together]
    }
}

/// `x`, or 0 where products with it could be subnormal.
fn not_tiny<T: Real>(x: T) -> T {
    if x.magnitude() < T::TINY { T::ZERO } else { x }
}

/// `Σ e^(score - greatest)` of one row, as many powers at a time as lie on the stack.
fn sum_of_powers<T: Real>(scores: &[T]) -> T {
    let greatest = greatest(scores);
    let sums = scores.chunks(64).map(|scores| {
        let mut powers = [T::ZERO; 64];
        for (power, &score) in powers.iter_mut().zip(scores) {
            *power = score - greatest;
        }
        let powers = &mut powers[..scores.len()];
        exponentiate(powers);
        sum(powers).to_f64()
    });
    T::from_f64(sums.sum())
}
