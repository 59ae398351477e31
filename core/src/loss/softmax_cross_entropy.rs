use alloc::vec::Vec;

use constgrad_kernels::cross_entropy::{CrossEntropy, RowTargets};
use rand::Rng;

use super::{Classifier, Loss, TakesClasses, random_probabilities};
use crate::Scalar;
use crate::target::{Classes, Target};

/// Cross-entropy of the softmax of the scores: the mean over the samples of `-Σ target · ln softmax(scores)`.
///
/// A target is a column of probabilities, one-hot or soft, or the index of a class, which means its one-hot column. With
/// `label_smoothing`, a share of it goes to all `C` classes alike: `(1 - label_smoothing) · target + label_smoothing / C`
/// stands for it, in the loss and in its gradient (Szegedy et al., Rethinking the Inception Architecture, 2016, section 7).
/// With `class_weights`, what stands for the target of a class is multiplied by its weight, and the mean is weighted: over
/// the sum of `weight · target`, before smoothing, in place of the batch size.
///
/// A class with target 0 costs nothing, whatever its score. Of an output `[L, C]` each position is a sample. Softmax and
/// logarithm are computed together, after subtracting the greatest score, so that no score overflows. The loss of an empty
/// batch, or of one without weight, is NaN.
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
    /// Nothing where all classes weigh the same.
    class_weights: &'static [f64],
}

impl SoftmaxCrossEntropy {
    /// The loss with that share of each target given to all classes alike, 0 for none, and with a weight for each class, an
    /// empty slice for none.
    ///
    /// # Panics
    /// If the share is not between 0 and 1, or a weight is negative or no number; at compile time in a `const`, such as the
    /// loss of a network.
    #[must_use]
    #[track_caller]
    pub const fn new(label_smoothing: f64, class_weights: &'static [f64]) -> Self {
        assert!(0.0 <= label_smoothing && label_smoothing <= 1.0, "the `label_smoothing` of a loss is between 0 and 1");
        let mut class = 0;
        while class < class_weights.len() {
            let weight = class_weights[class];
            assert!(0.0 <= weight && weight < f64::INFINITY, "a weight of `class_weights` is a number of 0 or more");
            class += 1;
        }
        Self { label_smoothing, class_weights }
    }
}

impl TakesClasses for SoftmaxCrossEntropy {}

impl<T: Scalar> Loss<T> for SoftmaxCrossEntropy {
    const PER_POSITION: bool = true;

    /// # Panics
    /// If there is a class weight for another number of classes.
    fn weight(&self, target: &Target<'_, T>, samples: usize, rows: usize) -> f64 {
        let (weights, of_samples) = (self.class_weights, target.weights());
        assert!(
            weights.is_empty() || weights.len() == rows,
            "there are {} class weights, but {rows} classes",
            weights.len()
        );
        if weights.is_empty() && of_samples.is_empty() {
            return samples as f64;
        }
        let together = (samples / of_samples.len().max(1)).max(1);
        let of_sample = |sample: usize| of_samples.get(sample / together).map_or(1.0, |weight| weight.to_f64());
        let of_class = |class: usize| weights.get(class).map_or(T::ONE, |&weight| T::nearest(weight));
        if let Some(classes) = target.classes() {
            return (0..samples).map(|sample| of_sample(sample) * of_class(classes.get(sample)).to_f64()).sum();
        }
        if weights.is_empty() {
            return (0..samples).map(of_sample).sum();
        }
        let shares = target.dense(samples, rows).iter().enumerate();
        shares.map(|(index, &share)| of_sample(index / rows) * (of_class(index % rows) * share).to_f64()).sum()
    }

    fn sum(&self, scores: &[T], target: &Target<'_, T>, rows: usize, total: f64, d_scores: Option<&mut [T]>) -> f64 {
        let samples = scores.len() / rows;
        check(target, samples, rows);
        let targets = match target.classes() {
            None => RowTargets::Shares(target.dense(samples, rows)),
            Some(Classes::Usize(classes)) => RowTargets::Usize(classes),
            Some(Classes::U8(classes)) => RowTargets::U8(classes),
        };
        let Self { label_smoothing: smoothing, class_weights } = *self;
        let weights = target.weights();
        let mut sum = 0.0;
        CrossEntropy {
            scores,
            len: rows,
            targets,
            smoothing,
            class_weights,
            weights,
            rows_a_weight: (samples / weights.len().max(1)).max(1),
            scale: 1.0 / total,
            d_scores,
            sum: &mut sum,
        }
        .run();
        sum
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
            let class = match target.classes() {
                None => argmax(&target.dense(samples, rows)[sample * rows..][..rows]),
                Some(classes) => Some(classes.get(sample)),
            };
            class.is_some() && argmax(scores) == class
        };
        scores.chunks_exact(rows).enumerate().filter(is_right).count() as f64 / samples as f64
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
#[track_caller]
fn check<T: Scalar>(target: &Target<'_, T>, samples: usize, rows: usize) {
    match target.classes() {
        None => _ = target.dense(samples, rows),
        Some(classes) => classes.check(samples, 1, rows),
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
    const CLASSES: Target<'_, f64> = Target::from_classes(Classes::U8(&[1, 3]));

    const PLAIN: SoftmaxCrossEntropy = SoftmaxCrossEntropy::new(0.0, &[]);

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_loss(PLAIN, &random(8, 1), &dense(&ONE_HOT), 4);
        check_loss(PLAIN, &random(8, 2), &dense(&random(8, 3)), 4);
        check_loss(PLAIN, &random(8, 4), &CLASSES, 4);
        check_loss(SoftmaxCrossEntropy::new(0.3, &[]), &random(8, 2), &dense(&random(8, 3)), 4);
        check_loss(SoftmaxCrossEntropy::new(0.3, &[]), &random(8, 4), &CLASSES, 4);
    }

    #[test]
    fn weights_count_samples_more_than_once() {
        // A class of weight 2 is as two samples of it, one of weight 0 as none.
        let scores = random(12, 4);
        let (first, third) = (&scores[..4], &scores[8..]);
        let weighted = SoftmaxCrossEntropy::new(0.0, &[1.0, 2.0, 0.0, 1.0]);
        let (loss, gradient) = evaluate(weighted, &scores, &Target::from_classes(Classes::U8(&[1, 2, 3])), 4);
        let repeated = [first, first, third].concat();
        let (expected, expected_gradient) =
            evaluate(PLAIN, &repeated, &Target::from_classes(Classes::U8(&[1, 1, 3])), 4);
        assert_close(&[loss], &[expected]);
        let twice: Vec<f64> = expected_gradient[..4].iter().map(|gradient| 2.0 * gradient).collect();
        assert_close(&gradient, &[&twice[..], &[0.0; 4], &expected_gradient[8..]].concat());

        let one_hot = [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let (dense_loss, dense_gradient) = evaluate(weighted, &scores, &dense(&one_hot), 4);
        assert_close(&[dense_loss], &[loss]);
        assert_close(&dense_gradient, &gradient);
        for loss in [weighted, SoftmaxCrossEntropy::new(0.3, &[1.0, 2.0, 0.0, 1.0])] {
            check_loss(loss, &random(8, 2), &dense(&random(8, 3)), 4);
            check_loss(loss, &random(8, 4), &CLASSES, 4);
        }
    }

    #[test]
    fn a_batch_without_weight_has_no_mean() {
        for smoothing in [0.0, 0.1] {
            let weighted = SoftmaxCrossEntropy::new(smoothing, &[1.0, 0.0, 1.0, 0.0]);
            for target in [CLASSES, dense(&ONE_HOT)] {
                let (loss, gradient) = evaluate(weighted, &random(8, 4), &target, 4);
                assert!(loss.is_nan() && gradient.iter().all(|d| d.is_nan()), "{loss}, {gradient:?}");
                assert!(weighted.evaluate(&random(8, 4), &target, 4, None).is_nan());
            }
        }
    }

    #[test]
    #[should_panic(expected = "there are 3 class weights, but 4 classes")]
    fn there_is_a_weight_for_each_class() {
        let _ = evaluate(SoftmaxCrossEntropy::new(0.0, &[1.0, 2.0, 3.0]), &[0.0; 8], &CLASSES, 4);
    }

    #[test]
    #[should_panic(expected = "a weight of `class_weights` is a number of 0 or more")]
    fn weights_are_numbers() {
        let _ = SoftmaxCrossEntropy::new(0.0, &[1.0, f64::NAN]);
    }

    #[test]
    fn a_class_means_its_one_hot_column() {
        let ruled_out = [f64::NEG_INFINITY, 2.0, -1.0, 0.5];
        let scores = [&random(4, 5)[..], &ruled_out].concat();
        let found = evaluate(PLAIN, &scores, &CLASSES, 4);
        assert!(found.0.is_finite());
        assert_eq!(found, evaluate(PLAIN, &scores, &dense(&ONE_HOT), 4));
        assert_eq!(found, evaluate(PLAIN, &scores, &Target::from_classes(Classes::Usize(&[1, 3])), 4));
    }

    #[test]
    fn all_of_the_label_smoothed_is_the_same_for_each_class() {
        let scores = random(8, 6);
        let found = evaluate(SoftmaxCrossEntropy::new(1.0, &[]), &scores, &CLASSES, 4);
        let expected = evaluate(PLAIN, &scores, &dense(&[0.25; 8]), 4);
        assert_close(&[found.0], &[expected.0]);
        assert_close(&found.1, &expected.1);
    }

    #[test]
    #[should_panic(expected = "the `label_smoothing` of a loss is between 0 and 1")]
    fn label_smoothing_is_a_share() {
        let _ = SoftmaxCrossEntropy::new(-0.1, &[]);
    }

    #[test]
    fn large_scores_do_not_overflow() {
        let scores = [1e4, -1e4, 0.0, 0.0];
        let class = |class| evaluate(PLAIN, &scores, &Target::from_classes(Classes::Usize(&[class])), 4);
        assert_eq!(class(0), (0.0, [0.0; 4].to_vec()));
        assert_eq!(class(1), (2e4, [1.0, -1.0, 0.0, 0.0].to_vec()));
    }

    #[test]
    fn the_first_greatest_score_is_the_answer() {
        let accuracy = |scores: &[f64], target: &_| PLAIN.accuracy(scores, target, 4);
        let scores = [0.0, 5.0, 5.0, 1.0, 0.0, 0.0, -1.0, 0.0];
        assert_eq!(accuracy(&scores, &Target::from_classes(Classes::U8(&[1, 0]))), 1.0);
        assert_eq!(accuracy(&scores, &Target::from_classes(Classes::U8(&[2, 0]))), 0.5);
        assert_eq!(accuracy(&scores, &dense(&ONE_HOT)), 0.5);
    }

    #[test]
    fn a_sample_with_a_nan_score_is_wrong() {
        for position in 0..4 {
            let mut scores = [9.0; 4];
            scores[position] = f64::NAN;
            for class in 0..4 {
                let target = Target::from_classes(Classes::Usize(core::slice::from_ref(&class)));
                assert_eq!(PLAIN.accuracy(&scores, &target, 4), 0.0);
                assert!(evaluate(PLAIN, &scores, &target, 4).0.is_nan());
            }
        }
    }

    #[test]
    #[should_panic(expected = "a batch of 2 samples takes 2 classes, not 3")]
    fn there_is_one_class_a_sample() {
        let _ = PLAIN.evaluate(&[0.0; 8], &Target::from_classes(Classes::U8(&[0, 1, 2])), 4, None);
    }

    #[test]
    #[should_panic(expected = "sample 1 has class 4, but 4 scores: classes are below 4")]
    fn classes_are_below_the_number_of_scores() {
        let classes: Vec<usize> = [0, 4].into();
        let _ = PLAIN.accuracy(&[0.0; 8], &Target::from_classes(Classes::Usize(&classes)), 4);
    }
}
