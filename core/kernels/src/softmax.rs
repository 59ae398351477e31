//! Rows of scores as shares that add up to 1.

use pulp::Simd;

use crate::formula::{Formula, Map};
use crate::simd::{Real, Vector};
use crate::total::{total, total_of_pairs};
use crate::work;

/// The softmax of each row: `e^score / Σ e^score`.
#[derive(Debug)]
pub struct SoftmaxRows<'a, T> {
    /// Rows of `len` scalars.
    pub scores: &'a [T],
    /// The scalars of a row.
    pub len: usize,
    /// As long as the scores.
    pub output: &'a mut [T],
}

/// The gradient of [`SoftmaxRows`], from its output.
#[derive(Debug)]
pub struct SoftmaxRowsGradient<'a, T> {
    /// What [`SoftmaxRows`] wrote.
    pub output: &'a [T],
    /// Its gradient.
    pub d_output: &'a [T],
    /// The scalars of a row.
    pub len: usize,
    /// The gradient of the scores.
    pub d_scores: &'a mut [T],
}

/// The logarithm of the softmax of each row: `score - ln Σ e^score`.
#[derive(Debug)]
pub struct LogSoftmaxRows<'a, T> {
    /// Rows of `len` scalars.
    pub scores: &'a [T],
    /// The scalars of a row.
    pub len: usize,
    /// As long as the scores.
    pub output: &'a mut [T],
}

/// The gradient of [`LogSoftmaxRows`], from its output.
#[derive(Debug)]
pub struct LogSoftmaxRowsGradient<'a, T> {
    /// What [`LogSoftmaxRows`] wrote.
    pub output: &'a [T],
    /// Its gradient.
    pub d_output: &'a [T],
    /// The scalars of a row.
    pub len: usize,
    /// The gradient of the scores.
    pub d_scores: &'a mut [T],
}

/// Turns scores, `len` rows of `len` a sample, into the softmax of each row, where it is causal of the scores up to the
/// diagonal alone: 0 stands for those after it.
#[derive(Debug)]
pub struct AttentionWeights<'a, T> {
    /// Scores, which become weights.
    pub scores: &'a mut [T],
    /// The rows of a sample, and the scalars of a row.
    pub len: usize,
    /// Whether a row sees only what comes up to its own place.
    pub is_causal: bool,
}

runs!(SoftmaxRows, work => softmax(work));
runs!(SoftmaxRowsGradient, work => softmax_gradient(work));
runs!(LogSoftmaxRows, work => log_softmax(work));
runs!(LogSoftmaxRowsGradient, work => log_softmax_gradient(work));
runs!(AttentionWeights, work => attention_weights(work));

fn softmax<T: Real>(SoftmaxRows { scores, len, output }: SoftmaxRows<'_, T>) {
    powers(scores, len, output);
    for output in output.chunks_exact_mut(len) {
        let sum = sum(output);
        for output in output {
            *output /= sum;
        }
    }
}

fn softmax_gradient<T: Real>(work: SoftmaxRowsGradient<'_, T>) {
    let SoftmaxRowsGradient { output, d_output, len, d_scores } = work;
    let rows = d_output.chunks_exact(len).zip(output.chunks_exact(len));
    for (d_scores, (d_output, output)) in d_scores.chunks_exact_mut(len).zip(rows) {
        let mean = T::from_f64(total_of_pairs(output, d_output, |output, d_output| output * d_output));
        for ((d_score, &d_output), &output) in d_scores.iter_mut().zip(d_output).zip(output) {
            *d_score = output * (d_output - mean);
        }
    }
}

fn log_softmax<T: Real>(LogSoftmaxRows { scores, len, output }: LogSoftmaxRows<'_, T>) {
    powers(scores, len, output);
    for (output, scores) in output.chunks_exact_mut(len).zip(scores.chunks_exact(len)) {
        let (greatest, ln_sum) = (greatest(scores), sum(output).ln());
        for (output, &score) in output.iter_mut().zip(scores) {
            *output = score - greatest - ln_sum;
        }
    }
}

fn log_softmax_gradient<T: Real>(work: LogSoftmaxRowsGradient<'_, T>) {
    let LogSoftmaxRowsGradient { output, d_output, len, d_scores } = work;
    d_scores.copy_from_slice(output);
    exponentiate(d_scores);
    for (d_scores, d_output) in d_scores.chunks_exact_mut(len).zip(d_output.chunks_exact(len)) {
        let sum = sum(d_output);
        for (d_score, &d_output) in d_scores.iter_mut().zip(d_output) {
            *d_score = d_output - *d_score * sum;
        }
    }
}

fn attention_weights<T: Real>(AttentionWeights { scores, len, is_causal }: AttentionWeights<'_, T>) {
    let seen = |row: usize| if is_causal { row % len + 1 } else { len };
    for (row, scores) in scores.chunks_exact_mut(len).enumerate() {
        let greatest = greatest(&scores[..seen(row)]);
        for score in scores {
            *score -= greatest;
        }
    }
    exponentiate(scores);
    for (row, weights) in scores.chunks_exact_mut(len).enumerate() {
        let (powers, hidden) = weights.split_at_mut(seen(row));
        let sum = sum(powers);
        for power in powers {
            *power /= sum;
        }
        hidden.fill(T::ZERO);
    }
}

/// `e^(score - greatest)` for the greatest of each row, so that no power overflows.
pub(crate) fn powers<T: Real>(scores: &[T], len: usize, powers: &mut [T]) {
    for (powers, scores) in powers.chunks_exact_mut(len).zip(scores.chunks_exact(len)) {
        let greatest = greatest(scores);
        for (power, &score) in powers.iter_mut().zip(scores) {
            *power = score - greatest;
        }
    }
    exponentiate(powers);
}

/// Turns each scalar into its power of e.
pub(crate) fn exponentiate<T: Real>(scalars: &mut [T]) {
    work::run(Map { formula: Exponential, read: [], written: [scalars] });
}

/// `y = e^y`.
#[derive(Clone, Copy)]
struct Exponential;

impl Formula<0, 1> for Exponential {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, _: [Vector<S, T>; 0], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [y.exp()]
    }

    compiled!(0, 1);
}

/// Fewer are taken one after the other; of many, each would wait for the one before.
const FEW: usize = 32;

/// The sum.
pub(crate) fn sum<T: Real>(scalars: &[T]) -> T {
    if scalars.len() < FEW {
        return scalars.iter().fold(T::ZERO, |sum, &scalar| sum + scalar);
    }
    T::from_f64(total(scalars, |x| x))
}

/// The greatest of `scores`; where one is NaN, it or any other.
pub(crate) fn greatest<T: Real>(scores: &[T]) -> T {
    let greater = |greatest, score| if score > greatest { score } else { greatest };
    if scores.len() < FEW {
        return scores.iter().copied().fold(scores[0], greater);
    }
    let mut runs = [scores[0]; 8];
    let (chunks, rest) = scores.as_chunks::<8>();
    for chunk in chunks {
        for (run, &score) in runs.iter_mut().zip(chunk) {
            *run = greater(*run, score);
        }
    }
    rest.iter().copied().chain(runs).fold(scores[0], greater)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{greatest, sum};

    #[test]
    fn all_scores_count_however_many() {
        for len in 1..100_u8 {
            let mut scalars: Vec<f32> = (0..len).map(f32::from).collect();
            assert_eq!((sum(&scalars), greatest(&scalars)), (scalars.iter().sum(), f32::from(len - 1)));
            scalars.reverse();
            assert_eq!(greatest(&scalars), f32::from(len - 1));
        }
    }
}
