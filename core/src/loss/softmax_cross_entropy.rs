use alloc::vec::Vec;

use rand::Rng;
use rand_distr::{Distribution, Open01};

use super::{Classifier, Loss};
use crate::Scalar;
use crate::layer::{Activation, Exp, greatest, powers, sum};
use crate::target::{Classes, Target};

/// Cross-entropy of the softmax of the scores: the mean over the samples of `-Σ target · ln softmax(scores)`.
///
/// A target is a column of probabilities, one-hot or soft, or the index of a class, which means its one-hot column. With
/// `label_smoothing`, a share of it goes to all `C` classes alike: `(1 - label_smoothing) · target + label_smoothing / C`
/// stands for it, in the loss and in its gradient (Szegedy et al., Rethinking the Inception Architecture, 2016, section 7).
/// A class with target 0 costs nothing, whatever its score. Of an output `[L, C]` each position is a sample. Softmax and logarithm are computed together, after
/// subtracting the greatest score, so that no score overflows. The loss of an empty batch is NaN.
///
/// # Accuracy
/// - the share of samples whose first greatest score is that of the class, or of the first greatest target
///
/// # Gradients
/// - `d_scores = (Σ target · softmax(scores) - target) / batch size`; what is below the root of the least normal scalar,
///   `1e-19` in `f32`, is 0, so that products with it are no subnormal numbers, with which a processor is slow
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SoftmaxCrossEntropy {
    label_smoothing: f64,
}

impl SoftmaxCrossEntropy {
    /// The loss with that share of each target given to all classes alike; 0 for none.
    ///
    /// # Panics
    /// If it is not between 0 and 1; at compile time in a `const`, such as the loss of a network.
    #[must_use]
    pub const fn new(label_smoothing: f64) -> Self {
        assert!(0.0 <= label_smoothing && label_smoothing <= 1.0, "the `label_smoothing` of a loss is between 0 and 1");
        Self { label_smoothing }
    }
}

impl<T: Scalar> Loss<T> for SoftmaxCrossEntropy {
    fn evaluate(&self, scores: &[T], target: &Target<'_, T>, rows: usize, d_scores: Option<&mut [T]>) -> T {
        T::softmax_cross_entropy(*self, scores, target, rows, d_scores)
    }

    /// Probabilities: positive, of sum 1 in each sample.
    fn random_target<R: Rng + ?Sized>(&self, rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
        random_probabilities(rows, samples, rng)
    }
}

impl<T: Scalar> Classifier<T> for SoftmaxCrossEntropy {
    fn accuracy(&self, scores: &[T], target: &Target<'_, T>, rows: usize) -> f64 {
        let samples = scores.len() / rows;
        check(target, samples, rows);
        let is_right = |&(sample, scores): &(usize, &[T])| {
            let class = match target {
                Target::Dense(target) => argmax(&target.as_slice()[sample * rows..][..rows]),
                Target::Classes(classes) => Some(classes.get(sample)),
            };
            class.is_some() && argmax(scores) == class
        };
        scores.chunks_exact(rows).enumerate().filter(is_right).count() as f64 / samples as f64
    }
}

/// Positive numbers, of sum 1 in each sample.
pub(super) fn random_probabilities<T: Scalar, R: Rng + ?Sized>(rows: usize, samples: usize, rng: &mut R) -> Vec<T> {
    let mut target: Vec<T> = (0..rows * samples).map(|_| T::nearest(Open01.sample(rng))).collect();
    for sample in target.chunks_exact_mut(rows) {
        let sum = sample.iter().fold(T::ZERO, |sum, &value| sum + value);
        for value in sample {
            *value /= sum;
        }
    }
    target
}

/// See [`Loss::evaluate`].
pub(crate) fn softmax_cross_entropy<T: Scalar>(
    loss: SoftmaxCrossEntropy,
    scores: &[T],
    target: &Target<'_, T>,
    rows: usize,
    d_scores: Option<&mut [T]>,
) -> T {
    let samples = scores.len() / rows;
    check(target, samples, rows);
    let smoothing = Smoothing::new(loss, rows);
    let total = match d_scores {
        Some(d_scores) => with_gradient(scores, target, rows, smoothing, d_scores),
        None => without_gradient(scores, target, rows, smoothing),
    };
    total / T::nearest(samples as f64)
}

/// What stands for a target: `kept · target + each`.
#[derive(Clone, Copy)]
struct Smoothing<T> {
    kept: T,
    each: T,
}

impl<T: Scalar> Smoothing<T> {
    fn new(SoftmaxCrossEntropy { label_smoothing }: SoftmaxCrossEntropy, rows: usize) -> Self {
        Self { kept: T::nearest(1.0 - label_smoothing), each: T::nearest(label_smoothing / rows as f64) }
    }

    fn smooth(self, target: T) -> T {
        self.kept * target + self.each
    }
}

/// The losses of all samples, and their gradient over the batch size.
fn with_gradient<T: Scalar>(
    scores: &[T],
    target: &Target<'_, T>,
    rows: usize,
    smoothing: Smoothing<T>,
    d_scores: &mut [T],
) -> T {
    let share = T::ONE / T::nearest((scores.len() / rows) as f64);
    powers(scores, rows, d_scores);
    let mut total = T::ZERO;
    for (sample, (scores, d_scores)) in scores.chunks_exact(rows).zip(d_scores.chunks_exact_mut(rows)).enumerate() {
        let sum_of_powers = sum(d_scores);
        total += cost(scores, target, sample, smoothing, sum_of_powers);
        let inverse = T::ONE / sum_of_powers;
        match target {
            Target::Dense(target) => {
                let target = &target.as_slice()[sample * rows..][..rows];
                let sum_of_target = smoothing.kept * sum(target) + smoothing.each * T::nearest(rows as f64);
                for (d_score, &target) in d_scores.iter_mut().zip(target) {
                    *d_score = not_tiny((sum_of_target * (*d_score * inverse) - smoothing.smooth(target)) * share);
                }
            }
            Target::Classes(classes) => {
                let class = classes.get(sample);
                let of_class = not_tiny((d_scores[class] * inverse - smoothing.smooth(T::ONE)) * share);
                for d_score in &mut *d_scores {
                    *d_score = not_tiny((*d_score * inverse - smoothing.each) * share);
                }
                d_scores[class] = of_class;
            }
        }
    }
    total
}

/// `x`, or 0 where products with it could be subnormal.
fn not_tiny<T: Scalar>(x: T) -> T {
    if x.abs() < T::TINY { T::ZERO } else { x }
}

/// The losses of all samples.
fn without_gradient<T: Scalar>(scores: &[T], target: &Target<'_, T>, rows: usize, smoothing: Smoothing<T>) -> T {
    let cost = |(sample, scores)| cost(scores, target, sample, smoothing, sum_of_powers(scores));
    scores.chunks_exact(rows).enumerate().map(cost).fold(T::ZERO, |total, cost| total + cost)
}

/// `Σ e^(score - greatest)` of one sample, as many powers at a time as lie on the stack.
fn sum_of_powers<T: Scalar>(scores: &[T]) -> T {
    let greatest = greatest(scores);
    scores.chunks(64).fold(T::ZERO, |sum, scores| {
        let mut powers = [T::ZERO; 64];
        for (power, &score) in powers.iter_mut().zip(scores) {
            *power = score - greatest;
        }
        let powers = &mut powers[..scores.len()];
        T::activate(Activation::Exp(Exp::new()), powers);
        powers.iter().fold(sum, |sum, &power| sum + power)
    })
}

/// `-Σ target · ln softmax(scores)` of one sample, given its `Σ e^(score - greatest)`.
fn cost<T: Scalar>(
    scores: &[T],
    target: &Target<'_, T>,
    sample: usize,
    smoothing: Smoothing<T>,
    sum_of_powers: T,
) -> T {
    let (greatest, ln_sum) = (greatest(scores), sum_of_powers.ln());
    // Not 0 times infinity, for a score of minus infinity, which rules a class out.
    let cost = |score, target| if target == T::ZERO { T::ZERO } else { target * (ln_sum - (score - greatest)) };
    match target {
        Target::Classes(classes) => {
            let of_class = cost(scores[classes.get(sample)], smoothing.kept);
            if smoothing.each == T::ZERO {
                return of_class;
            }
            scores.iter().fold(of_class, |total, &score| total + cost(score, smoothing.each))
        }
        Target::Dense(target) => {
            let target = &target.as_slice()[sample * scores.len()..][..scores.len()];
            let costs = scores.iter().zip(target).map(|(&score, &target)| cost(score, smoothing.smooth(target)));
            costs.fold(T::ZERO, |total, cost| total + cost)
        }
    }
}

/// The index of the first greatest scalar, unless one is NaN.
fn argmax<T: Scalar>(column: &[T]) -> Option<usize> {
    let mut best = 0;
    for (row, &scalar) in column.iter().enumerate() {
        if scalar.to_f64().is_nan() {
            return None;
        }
        if scalar > column[best] {
            best = row;
        }
    }
    Some(best)
}

/// # Panics
/// If `target` is not one column of `rows` scalars, or one class below `rows`, a sample.
fn check<T: Scalar>(target: &Target<'_, T>, samples: usize, rows: usize) {
    match target {
        Target::Dense(_) => _ = target.dense(samples, rows),
        Target::Classes(classes) => check_classes(*classes, samples, rows),
    }
}

fn check_classes(classes: Classes<'_>, samples: usize, rows: usize) {
    assert!(classes.len() == samples, "a batch of {samples} samples takes {samples} classes, not {}", classes.len());
    for sample in 0..samples {
        let class = classes.get(sample);
        assert!(class < rows, "sample {sample} has class {class}, but {rows} scores: classes are below {rows}");
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::SoftmaxCrossEntropy;
    use crate::loss::{Classifier, Loss};
    use crate::target::{Classes, Target};
    use crate::testing::{assert_close, check_loss, dense, evaluate, random};

    const ONE_HOT: [f64; 8] = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
    const CLASSES: Target<'_, f64> = Target::Classes(Classes::U8(&[1, 3]));

    const PLAIN: SoftmaxCrossEntropy = SoftmaxCrossEntropy::new(0.0);

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_loss(PLAIN, &random(8, 1), &dense(&ONE_HOT), 4);
        check_loss(PLAIN, &random(8, 2), &dense(&random(8, 3)), 4);
        check_loss(PLAIN, &random(8, 4), &CLASSES, 4);
        check_loss(SoftmaxCrossEntropy::new(0.3), &random(8, 2), &dense(&random(8, 3)), 4);
        check_loss(SoftmaxCrossEntropy::new(0.3), &random(8, 4), &CLASSES, 4);
    }

    #[test]
    fn a_class_means_its_one_hot_column() {
        let ruled_out = [f64::NEG_INFINITY, 2.0, -1.0, 0.5];
        let scores = [&random(4, 5)[..], &ruled_out].concat();
        let found = evaluate(PLAIN, &scores, &CLASSES, 4);
        assert!(found.0.is_finite());
        assert_eq!(found, evaluate(PLAIN, &scores, &dense(&ONE_HOT), 4));
        assert_eq!(found, evaluate(PLAIN, &scores, &Target::Classes(Classes::Usize(&[1, 3])), 4));
    }

    #[test]
    fn all_of_the_label_smoothed_is_the_same_for_each_class() {
        let scores = random(8, 6);
        let found = evaluate(SoftmaxCrossEntropy::new(1.0), &scores, &CLASSES, 4);
        let expected = evaluate(PLAIN, &scores, &dense(&[0.25; 8]), 4);
        assert_close(&[found.0], &[expected.0]);
        assert_close(&found.1, &expected.1);
    }

    #[test]
    #[should_panic(expected = "the `label_smoothing` of a loss is between 0 and 1")]
    fn label_smoothing_is_a_share() {
        let _ = SoftmaxCrossEntropy::new(-0.1);
    }

    #[test]
    fn large_scores_do_not_overflow() {
        let scores = [1e4, -1e4, 0.0, 0.0];
        let class = |class| evaluate(PLAIN, &scores, &Target::Classes(Classes::Usize(&[class])), 4);
        assert_eq!(class(0), (0.0, [0.0; 4].to_vec()));
        assert_eq!(class(1), (2e4, [1.0, -1.0, 0.0, 0.0].to_vec()));
    }

    #[test]
    fn the_first_greatest_score_is_the_answer() {
        let accuracy = |scores: &[f64], target: &_| PLAIN.accuracy(scores, target, 4);
        let scores = [0.0, 5.0, 5.0, 1.0, 0.0, 0.0, -1.0, 0.0];
        assert_eq!(accuracy(&scores, &Target::Classes(Classes::U8(&[1, 0]))), 1.0);
        assert_eq!(accuracy(&scores, &Target::Classes(Classes::U8(&[2, 0]))), 0.5);
        assert_eq!(accuracy(&scores, &dense(&ONE_HOT)), 0.5);
    }

    #[test]
    fn a_sample_with_a_nan_score_is_wrong() {
        for position in 0..4 {
            let mut scores = [9.0; 4];
            scores[position] = f64::NAN;
            for class in 0..4 {
                let target = Target::Classes(Classes::Usize(core::slice::from_ref(&class)));
                assert_eq!(PLAIN.accuracy(&scores, &target, 4), 0.0);
                assert!(evaluate(PLAIN, &scores, &target, 4).0.is_nan());
            }
        }
    }

    #[test]
    #[should_panic(expected = "a batch of 2 samples takes 2 classes, not 3")]
    fn there_is_one_class_a_sample() {
        let _ = PLAIN.evaluate(&[0.0; 8], &Target::Classes(Classes::U8(&[0, 1, 2])), 4, None);
    }

    #[test]
    #[should_panic(expected = "sample 1 has class 4, but 4 scores: classes are below 4")]
    fn classes_are_below_the_number_of_scores() {
        let classes: Vec<usize> = [0, 4].into();
        let _ = PLAIN.accuracy(&[0.0; 8], &Target::Classes(Classes::Usize(&classes)), 4);
    }
}
