//! Batches: however they lie in memory, and however targets are given, results are the same to the bit.

use constgrad::prelude::*;
use nalgebra::DMatrix;

use super::{Columns, assert_close, one_hot, random, random_classes, rng, scalars};

network! {
    #[loss(softmax_cross_entropy)]
    struct Classifier(x: [6], y: [3]) -> [4] {
        concat(x.affine(5).relu(), y).affine(4)
    }
}

/// More than go through a network together.
const SAMPLES: usize = 300;

fn classifier() -> Classifier<f64> {
    let mut net = Classifier::<f64>::init(&mut rng(1));
    net.affine1.bias.copy_from_slice(&[0.1, -0.2, 0.3, -0.4, 0.5]);
    net
}

fn batch() -> (Columns<f64, 6>, Columns<f64, 3>) {
    (random(SAMPLES, 2), random(SAMPLES, 3))
}

#[test]
fn scores_are_what_the_declaration_says() {
    let (net, (x, y)) = (classifier(), batch());
    let mut hidden = net.affine1.weight.transpose() * &x;
    for mut sample in hidden.column_iter_mut() {
        sample += &*net.affine1.bias;
    }
    let joined = DMatrix::from_fn(8, SAMPLES, |row, sample| match row {
        0..5 => hidden[(row, sample)].max(0.0),
        _ => y[(row - 5, sample)],
    });
    let mut scores = net.affine2.weight.transpose() * joined;
    for mut sample in scores.column_iter_mut() {
        sample += &*net.affine2.bias;
    }
    assert_close(&net.predict(&x, &y), &scores, 1e-14);
}

#[test]
fn every_kind_of_matrix_gives_the_same_scores() {
    let (net, (x, y)) = (classifier(), batch());
    let scores: Columns<f64, 4> = net.predict(&x, &y);

    for sample in 0..SAMPLES {
        let owned: SVector<f64, 4> = net.predict(&x.column(sample).into_owned(), &y.column(sample).into_owned());
        assert_eq!(owned, scores.column(sample));
    }
    let view: SVector<f64, 4> = net.predict(&x.column(7), &y.column(7));
    assert_eq!(view, scores.column(7));

    let fixed: SMatrix<f64, 4, 9> =
        net.predict(&x.fixed_columns::<9>(124).into_owned(), &y.fixed_columns::<9>(124).into_owned());
    assert_eq!(fixed, scores.fixed_columns::<9>(124));
    assert_eq!(net.predict(&x.columns(100, 150), &y.columns(100, 150)), scores.columns(100, 150));

    // Rows of a taller matrix, with a gap after each column; with one after each scalar; every third column.
    let tall = DMatrix::from_fn(11, SAMPLES, |row, sample| match row {
        0..6 => x[(row, sample)],
        6..9 => y[(row - 6, sample)],
        _ => f64::NAN,
    });
    assert_eq!(net.predict(&tall.fixed_rows::<6>(0), &tall.fixed_rows::<3>(6)), scores);
    let sparse =
        DMatrix::from_fn(11, SAMPLES, |row, sample| if row % 2 == 0 { x[(row / 2, sample)] } else { f64::NAN });
    assert_eq!(net.predict(&sparse.fixed_rows_with_step::<6>(0, 1), &y), scores);
    let third = |sample| 3 * sample;
    assert_eq!(
        net.predict(&x.columns_with_step(0, 100, 2), &y.columns_with_step(0, 100, 2)),
        Columns::<f64, 4>::from_fn(100, |row, sample| scores[(row, third(sample))])
    );
}

#[test]
fn an_empty_batch_has_no_scores_and_no_mean() {
    let (net, x, y) = (classifier(), random(0, 1), random(0, 2));
    assert_eq!(net.predict(&x, &y).shape(), (4, 0));
    let (loss, gradients) = net.gradient(&x, &y, &[0_usize; 0]);
    assert!(loss.is_nan() && net.loss(&x, &y, &[0_u8; 0]).is_nan() && net.accuracy(&x, &y, &[0_u8; 0]).is_nan());
    assert_eq!(gradients, Trainable::zeros());
}

#[test]
fn every_kind_of_target_means_the_same() {
    let net = classifier();
    let (x, y) = (random::<6>(5, 4), random::<3>(5, 5));
    let (x, y) = (x.fixed_columns::<5>(0), y.fixed_columns::<5>(0));
    let classes = [3, 0, 2, 2, 1];
    let bytes = classes.map(|class| u8::try_from(class).expect("classes are small"));
    let dense = one_hot::<4>(&classes);
    let dense = dense.fixed_columns::<5>(0).into_owned();

    let expected = net.gradient(&x, &y, &dense);
    let accuracy = net.accuracy(&x, &y, &dense);
    assert_eq!(net.loss(&x, &y, &dense), expected.0);
    macro_rules! same {
        ($($target:expr),*) => {$(
            assert_eq!(net.loss(&x, &y, $target), expected.0);
            assert_eq!(net.accuracy(&x, &y, $target), accuracy);
            assert_eq!(net.gradient(&x, &y, $target), expected);
        )*};
    }
    same!(&classes, &bytes, &classes[..], &bytes[..], &classes.to_vec(), &bytes.to_vec());

    // The same samples as a batch of run-time size.
    let (x, y, dense) = (&x.columns(0, 5), &y.columns(0, 5), &dense.columns(0, 5));
    assert_eq!(net.gradient(x, y, dense), expected);
    assert_eq!(net.gradient(x, y, &bytes), expected);
}

#[test]
fn accuracy_is_the_share_of_right_answers() {
    let (net, (x, y)) = (classifier(), batch());
    let answers: Vec<usize> = net.predict(&x, &y).column_iter().map(|scores| scores.imax()).collect();
    assert_eq!(net.accuracy(&x, &y, &answers), 1.0);
    let mut classes = answers;
    for class in &mut classes[..75] {
        *class = (*class + 1) % 4;
    }
    assert_eq!(net.accuracy(&x, &y, &classes), 0.75);
    assert_eq!(net.accuracy(&x, &y, &one_hot::<4>(&classes)), 0.75);
}

#[test]
fn a_workspace_serves_smaller_batches_too() {
    let (net, (x, y)) = (classifier(), batch());
    let classes = random_classes(SAMPLES, 4, 6);
    let mut workspace = Classifier::workspace(SAMPLES);
    for samples in [SAMPLES, 1, 130, SAMPLES] {
        let (x, y) = (x.columns(0, samples), y.columns(0, samples));
        let (loss, gradients) = net.gradient(&x, &y, &classes[..samples]);
        assert_eq!(net.gradient_in(&x, &y, &classes[..samples], &mut workspace), (loss, &mut gradients.clone()));
        assert_eq!(workspace.gradients(), &gradients);
    }
}

#[test]
fn the_gradient_of_a_batch_is_the_mean_of_those_of_its_samples() {
    let (net, (x, y)) = (classifier(), batch());
    let classes = random_classes(SAMPLES, 4, 6);
    let (loss, gradients) = net.gradient(&x, &y, &classes);

    let (mut losses, mut sums) = (0.0, vec![0.0; Classifier::<f64>::COUNT]);
    for (sample, &class) in classes.iter().enumerate() {
        let (loss, gradients) = net.gradient(&x.column(sample), &y.column(sample), &[class]);
        losses += loss / SAMPLES as f64;
        for (sum, gradient) in sums.iter_mut().zip(scalars(&gradients)) {
            *sum += gradient / SAMPLES as f64;
        }
    }
    assert_close(&[loss], &[losses], 1e-13);
    assert_close(&scalars(&gradients), &sums, 1e-13);
}

network! {
    #[loss(mean_squared_error)]
    struct Regression(x: [2]) -> [3] { x.affine(3) }
}

network! {
    #[loss(softmax_cross_entropy)]
    struct Labelled(x: [2]) -> [3] { x.affine(3) }
}

/// What errors about targets tell to write.
#[test]
fn a_target_of_another_type_can_be_converted() {
    let net = Regression::<f32>::init(&mut rng(1));
    let x = SMatrix::<f32, 2, 3>::new(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
    let target = SMatrix::<f32, 3, 3>::identity();
    let loss = net.loss(&x, &target);
    assert_eq!(loss, net.loss(&x, &target.cast::<f64>().cast::<f32>()));
    assert_eq!(loss, net.loss(&x, &SMatrix::<i32, 3, 3>::identity().cast::<f32>()));
    let dynamic = DMatrix::<f32>::identity(3, 3);
    let columns = x.columns(0, 3);
    assert_eq!(loss, net.loss(&columns, &dynamic.fixed_rows::<3>(0)));
    assert_eq!(loss, net.loss(&columns, &target.columns(0, 3)));
    assert_eq!(loss, net.loss(&x, &dynamic.fixed_rows::<3>(0).fixed_columns::<3>(0)));

    let net = Labelled::<f32>::init(&mut rng(1));
    let labels = [0_u32, 2, 1];
    let classes = labels.iter().map(|&label| label as usize).collect::<Vec<_>>();
    assert_eq!(net.loss(&x, &classes), net.loss(&x, &[0_u8, 2, 1]));
}
