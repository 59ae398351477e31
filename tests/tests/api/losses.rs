//! Weights of samples, and losses of one's own that take classes.

use constgrad::loss::{Loss, ScoreLoss, SoftmaxCrossEntropy, TakesClasses};
use constgrad::prelude::*;
use constgrad::{Scalar, Target, weighted};

use super::{assert_close, random, rng, scalars};

const SAMPLES: usize = 5;
const WEIGHTS: [f64; SAMPLES] = [1.0, 0.0, 2.5, 0.3, 4.0];
static VALUES: [f64; SAMPLES * 3] = [0.25; SAMPLES * 3];
const LABELS: [u8; SAMPLES] = [2, 0, 1, 1, 0];

/// `-ln` of the share of a class, times `(1 - share)²` (Lin et al., 2017), from scalar arithmetic alone.
#[derive(Clone, Copy)]
struct Focal;

impl TakesClasses for Focal {}

impl<T: Scalar> Loss<T> for Focal {
    const PER_POSITION: bool = true;

    fn weight(&self, target: &Target<'_, T>, samples: usize, _: usize) -> f64 {
        match target.weights() {
            [] => samples as f64,
            weights => weights.iter().map(|weight| weight.to_f64()).sum(),
        }
    }

    fn sum(
        &self,
        scores: &[T],
        target: &Target<'_, T>,
        rows: usize,
        total: f64,
        mut d_scores: Option<&mut [T]>,
    ) -> f64 {
        let classes = target.classes().expect("a target of classes");
        let mut sum = 0.0;
        for (sample, scores) in scores.chunks_exact(rows).enumerate() {
            let weight = target.weights().get(sample).map_or(1.0, |weight| weight.to_f64());
            let powers: Vec<f64> = scores.iter().map(|score| score.to_f64().exp()).collect();
            let all: f64 = powers.iter().sum();
            let share = powers[classes.get(sample)] / all;
            sum -= weight * (1.0 - share) * (1.0 - share) * share.ln();
            if let Some(d_scores) = &mut d_scores {
                let slope = 2.0 * (1.0 - share) * share.ln() - (1.0 - share) * (1.0 - share) / share;
                for (row, d_score) in d_scores[sample * rows..][..rows].iter_mut().enumerate() {
                    let of_row = powers[row] / all;
                    let own = if row == classes.get(sample) { share } else { 0.0 };
                    *d_score = T::nearest(weight * slope * (own - share * of_row) / total);
                }
            }
        }
        sum
    }
}

macro_rules! networks {
    ($($name:ident $loss:expr;)*) => {$(
        network! {
            #[loss($loss)]
            #[no_gradient_test]
            struct $name(x: [3]) -> [3] { x.affine(4).tanh().affine(3) }
        }
    )*};
}
networks! {
    Plain SoftmaxCrossEntropy::new(0.0, &[]);
    Smoothed SoftmaxCrossEntropy::new(0.2, &[0.5, 2.0, 1.0]);
    Own Focal;
}

network! {
    #[loss(mean_squared_error)]
    struct Regression(x: [3]) -> [2] { x.affine(4).tanh().affine(2) }
}

network! {
    #[loss(kl_divergence)]
    struct Divergence(x: [3]) -> [3] { x.affine(4).tanh().affine(3).log_softmax() }
}

network! {
    #[loss(Focal)]
    #[no_gradient_test]
    struct Positions(x: [4, 3]) -> [4, 3] { x.affine(3) }
}

/// A weight counts as so many samples alike; one of 0 as none, whatever the sample.
macro_rules! check_weights {
    ($network:ident, $target:expr, $of:expr) => {{
        let net = $network::<f64>::init(&mut rng(1));
        let mut x = random::<3>(SAMPLES, 2);
        x[(1, 1)] = 1e300;
        let target = $target;
        let (loss, gradients) = net.gradient(&x, weighted(&target, &WEIGHTS));
        assert_eq!(loss, net.loss(&x, weighted(&target, &WEIGHTS)));
        let (mut expected, mut expected_gradients, mut total) = (0.0, vec![0.0; $network::<f64>::COUNT], 0.0);
        for (sample, weight) in WEIGHTS.into_iter().enumerate().filter(|(_, weight)| *weight > 0.0) {
            let (loss, gradients) = net.gradient(&x.columns(sample, 1).into_owned(), &$of(&target, sample));
            expected += weight * loss;
            for (sum, scalar) in expected_gradients.iter_mut().zip(scalars(&gradients)) {
                *sum += weight * scalar;
            }
            total += weight;
        }
        let mean = |sum: f64| sum / total;
        assert_close(&[loss], &[mean(expected)], 1e-12);
        let expected: Vec<f64> = expected_gradients.into_iter().map(mean).collect();
        assert_close(&scalars(&gradients), &expected, 1e-12);
    }};
}

#[test]
fn a_sample_counts_as_its_weight_says() {
    let of_label = |labels: &[u8; SAMPLES], sample: usize| [labels[sample]];
    check_weights!(Plain, LABELS, of_label);
    check_weights!(Own, LABELS, of_label);
    let of_column = |target: &OMatrix<f64, Const<2>, Dyn>, sample| target.columns(sample, 1).into_owned();
    check_weights!(Regression, random::<2>(SAMPLES, 3), of_column);
    let shares = random::<3>(SAMPLES, 3).map(f64::abs);
    let of_column = |target: &OMatrix<f64, Const<3>, Dyn>, sample| target.columns(sample, 1).into_owned();
    check_weights!(Divergence, shares.clone(), of_column);
    check_weights!(Plain, shares, of_column);
}

/// With weights of classes too, both are multiplied.
#[test]
fn weights_of_samples_and_classes_are_multiplied() {
    let net = Smoothed::<f64>::init(&mut rng(1));
    let (x, weights) = (random::<3>(2, 2), [3.0, 0.5]);
    let loss = net.loss(&x, weighted(&[1_u8, 2], &weights));
    let of = |sample| net.loss(&x.columns(sample, 1).into_owned(), &[[1_u8, 2][sample]]);
    assert_close(&[loss], &[(6.0 * of(0) + 0.5 * of(1)) / 6.5], 1e-12);
}

#[test]
fn gradients_with_weights_are_checked() {
    let x = random::<3>(SAMPLES, 2);
    Own::<f64>::init(&mut rng(1)).grad_check(&x, weighted(&LABELS, &WEIGHTS)).assert_ok();
    Smoothed::<f64>::init(&mut rng(1)).grad_check(&x, weighted(&LABELS, &WEIGHTS)).assert_ok();
    let target = random::<2>(SAMPLES, 3);
    Regression::<f64>::init(&mut rng(1)).grad_check(&x, weighted(&target, &WEIGHTS)).assert_ok();
    let (text, classes) = (random::<12>(2, 4), [0_usize, 1, 2, 2, 1, 0, 0, 1]);
    Positions::<f64>::init(&mut rng(1)).grad_check(&text, &classes).assert_ok();
}

#[test]
fn nothing_weighs_nothing() {
    let net = Plain::<f64>::init(&mut rng(1));
    assert!(net.loss(&random::<3>(2, 1), weighted(&[0_u8, 1], &[0.0, 0.0])).is_nan());
}

/// Sums over parts of a batch, each for the total of all, add up to what the whole batch is.
#[test]
fn a_batch_can_be_cut_into_parts() {
    fn check<L: Loss<f64>>(loss: L, target: impl Fn(std::ops::Range<usize>) -> Target<'static, f64>) {
        let scores: Vec<f64> = scalars_of(SAMPLES * 3);
        let mut whole = vec![0.0; scores.len()];
        let mean = loss.evaluate(&scores, &target(0..SAMPLES), 3, Some(&mut whole));
        let parts = [0..2, 2..SAMPLES];
        let total: f64 = parts.iter().map(|part| loss.weight(&target(part.clone()), part.len(), 3)).sum();
        let mut apart = vec![0.0; scores.len()];
        let sum: f64 = parts
            .into_iter()
            .map(|part| {
                let scalars = part.start * 3..part.end * 3;
                loss.sum(&scores[scalars.clone()], &target(part), 3, total, Some(&mut apart[scalars]))
            })
            .sum();
        assert_close(&[sum / total], &[mean], 1e-14);
        assert_close(&apart, &whole, 1e-14);
    }
    let labels = |part| Target::from(&LABELS[part]);
    let with_weights = |part: std::ops::Range<usize>| labels(part.clone()).with_weights(&WEIGHTS[part]);
    check(SoftmaxCrossEntropy::new(0.1, &[1.0, 2.0, 0.5]), labels);
    check(SoftmaxCrossEntropy::new(0.1, &[]), with_weights);
    check(Focal, with_weights);
    let values = |part: std::ops::Range<usize>| Target::from(&VALUES[part.start * 3..part.end * 3]);
    check(constgrad::loss::Huber::new(1.0), values);
    check(constgrad::loss::Huber::new(1.0), |part| values(part.clone()).with_weights(&WEIGHTS[part]));
}

fn scalars_of(len: usize) -> Vec<f64> {
    random::<1>(len, 9).as_slice().to_vec()
}

#[expect(dead_code, reason = "that it compiles says that one trait is enough")]
fn a_loss_of_scores_is_a_loss<L: ScoreLoss>(loss: L) -> impl Loss<f32> {
    loss
}
