//! What a declared network promises: batches of every kind, targets of every kind, gradients by name, constants, panics.
#![allow(missing_docs, reason = "the tests say what they test")]

use constgrad::prelude::*;
use constgrad::{Layer, Rank1};
use nalgebra::{DMatrix, matrix};
use rand::SeedableRng;
use rand::rngs::SmallRng;

network! {
    #[loss(softmax_cross_entropy)]
    struct Classifier(x: [6]) -> [3] {
        x.affine(5).relu().affine(3)
    }
}

network! {
    /// Inputs of different shapes, each used twice, and no loss.
    struct Graph(a: [2], b: [2]) -> [2] {
        let product = a * b;
        product * a - b
    }
}

const HIDDEN: usize = 4;

network! {
    struct Block<const D: usize>(x: [D]) -> [D] { (x + x.affine(D).relu().affine(D)).relu() }
}

network! {
    #[loss(mean_squared_error)]
    struct Deep(image: [1, 2, 3], y: [HIDDEN]) -> [HIDDEN / 2] {
        let seen = image.flatten().affine(2 * HIDDEN).tanh();
        concat(seen, y).net::<Block<12>>().affine(HIDDEN / 2)
    }
}

fn rng(seed: u64) -> SmallRng {
    SmallRng::seed_from_u64(seed)
}

/// Reproducible numbers between -1 and 1.
fn numbers<const R: usize>(columns: usize) -> OMatrix<f64, Const<R>, Dyn> {
    OMatrix::<f64, Const<R>, Dyn>::from_fn(columns, |row, column| ((row * 31 + column * 17 + 5) as f64).sin())
}

#[test]
fn every_kind_of_batch_gives_the_same_scores() {
    let net = Classifier::<f64>::init(&mut rng(1));
    let x = numbers::<6>(300); // more than go through the network together
    let scores = net.predict(&x);
    assert_eq!(scores.shape(), (3, 300));
    let close = |left: f64, right: f64| (left - right).abs() < 1e-12;

    for sample in [0, 127, 128, 299] {
        let one: SVector<f64, 3> = net.predict(&x.fixed_columns::<1>(sample).into_owned());
        assert!(one.iter().zip(scores.column(sample).iter()).all(|(&one, &score)| close(one, score)));
    }
    let fixed: SMatrix<f64, 3, 7> = net.predict(&x.fixed_columns::<7>(200).into_owned());
    assert!(fixed.iter().zip(scores.columns(200, 7).iter()).all(|(&fixed, &score)| close(fixed, score)));
    assert_eq!(net.predict(&x.columns(0, 300)), scores);
    let tall =
        DMatrix::from_fn(9, 300, |row, column| if (2..8).contains(&row) { x[(row - 2, column)] } else { f64::NAN });
    assert_eq!(net.predict(&tall.fixed_rows::<6>(2)), scores);
    assert_eq!(net.predict(&numbers::<6>(0)).shape(), (3, 0));
}

#[test]
fn every_kind_of_target_gives_the_same_loss() {
    let net = Classifier::<f64>::init(&mut rng(2));
    let x = numbers::<6>(4);
    let one_hot = matrix![0., 1., 0., 0.; 0., 0., 0., 1.; 1., 0., 1., 0.];
    let (loss, gradients) = net.gradient(&x, &[2_u8, 0, 2, 1]);
    let x_fixed = x.fixed_columns::<4>(0).into_owned();
    assert_eq!(net.gradient(&x_fixed, &one_hot), (loss, gradients.clone()));
    assert_eq!(net.gradient(&x, &[2_usize, 0, 2, 1][..]), (loss, gradients.clone()));
    assert_eq!(net.gradient(&x, &vec![2_u8, 0, 2, 1]), (loss, gradients.clone()));
    assert!((net.loss(&x, &[2_u8, 0, 2, 1]) - loss).abs() < 1e-12);

    let scores = net.predict(&x);
    let best: Vec<usize> = scores.column_iter().map(|column| column.imax()).collect();
    assert_eq!(net.accuracy(&x, &best), 1.0);
    let worse: Vec<usize> =
        best.iter().enumerate().map(|(sample, best)| (best + usize::from(sample == 0)) % 3).collect();
    assert_eq!(net.accuracy(&x, &worse), 0.75);
}

#[test]
fn the_gradient_of_a_batch_is_the_mean_over_its_samples() {
    let net = Classifier::<f64>::init(&mut rng(3));
    let (x, labels) = (numbers::<6>(5), [0_u8, 1, 2, 1, 0]);
    let (loss, gradients) = net.gradient(&x, &labels);
    let singles: Vec<_> = (0..5).map(|sample| net.gradient(&x.column(sample), &labels[sample..=sample])).collect();
    let mean_loss = singles.iter().map(|(loss, _)| loss).sum::<f64>() / 5.0;
    assert!((loss - mean_loss).abs() < 1e-12);
    for tensor in 0..<Classifier>::TENSORS {
        for (index, &gradient) in gradients.tensor(tensor).iter().enumerate() {
            let mean = singles.iter().map(|(_, single)| single.tensor(tensor)[index]).sum::<f64>() / 5.0;
            assert!((gradient - mean).abs() < 1e-12);
        }
    }
}

#[test]
fn a_workspace_serves_smaller_batches() {
    let net = Classifier::<f64>::init(&mut rng(4));
    let mut workspace = Classifier::workspace(8);
    for samples in [8, 3, 8, 1] {
        let x = numbers::<6>(samples);
        let labels = vec![1_u8; samples];
        let (loss, gradients) = net.gradient_in(&x, &labels, &mut workspace);
        assert_eq!((loss, gradients.clone()), net.gradient(&x, &labels));
    }
}

#[test]
fn gradients_of_inputs_come_by_name_and_add_up() {
    let (a, b) = (matrix![2.0, -1.0; 3.0, 0.5], matrix![5.0, 4.0; -2.0, 1.5]);
    let d_output = matrix![1.0, 10.0; 100.0, 1000.0];
    let (_, inputs) = Graph::<f64>::new().backward(&a, &b, &d_output);
    // The output is a²b - b.
    assert_eq!(inputs.a, (2.0 * a.component_mul(&b)).component_mul(&d_output));
    assert_eq!(inputs.b, a.map(|a| a * a - 1.0).component_mul(&d_output));

    let net = Classifier::<f64>::init(&mut rng(5));
    let (x, labels) = (numbers::<6>(2), [2_u8, 1]);
    let (loss, gradients, inputs) = net.input_gradient(&x, &labels);
    assert_eq!((loss, gradients), net.gradient(&x, &labels));
    for index in 0..12 {
        let moved = |step: f64| {
            let mut x = x.clone();
            x[index] += step;
            net.loss(&x, &labels)
        };
        assert!((inputs.x[index] - (moved(1e-5) - moved(-1e-5)) / 2e-5).abs() < 1e-8);
    }
}

#[test]
fn the_numerical_gradient_and_the_check_agree() {
    let net = Deep::<f64>::init(&mut rng(6));
    let (image, y, target) = (numbers::<6>(3), numbers::<4>(3), numbers::<2>(3));
    let (_, gradients) = net.gradient(&image, &y, &target);
    let numerical = net.numerical_gradient(&image, &y, &target);
    for tensor in 0..<Deep>::TENSORS {
        let pairs = gradients.tensor(tensor).iter().zip(numerical.tensor(tensor));
        pairs.for_each(|(gradient, numerical)| assert!((gradient - numerical).abs() < 1e-7));
    }
    let report = net.grad_check(&image, &y, &target);
    report.assert_ok();
    let names: Vec<&str> = report.tensors().iter().map(|tensor| tensor.name.as_str()).collect();
    let expected = [
        "seen.weight",
        "seen.bias",
        "net1.affine1.weight",
        "net1.affine1.bias",
        "net1.affine2.weight",
        "net1.affine2.bias",
        "affine2.weight",
        "affine2.bias",
        "image",
        "y",
    ];
    assert_eq!(names, expected);
    assert!(report.mean_difference("net1.affine1.weight") < 1e-9);
}

#[test]
fn constants_describe_the_network() {
    assert_eq!(<Deep>::COUNT, (6 * 8 + 8) + 2 * (12 * 12 + 12) + (12 * 2 + 2));
    assert_eq!(<Deep as Network>::MULTIPLY_ADDS, 6 * 8 + 2 * 12 * 12 + 12 * 2);
    let inputs: Vec<_> = <Deep>::INPUTS.iter().map(|input| (input.name, input.dims)).collect();
    assert_eq!(inputs, [("image", &[1, 2, 3][..]), ("y", &[4])]);
    let layers: Vec<_> =
        <Deep>::LAYERS.iter().map(|layer| (layer.name, layer.kind, layer.dims, layer.parameters)).collect();
    assert!(layers.contains(&("seen", "affine", &[8], 56)), "{layers:?}");
    assert!(layers.contains(&("net1", "net", &[12], 312)), "{layers:?}");
    assert_eq!(layers.last(), Some(&("affine2", "affine", &[2][..], 26)));
    let _: <Block<7> as Layer<f32>>::Output = Rank1::<7>;
}

#[test]
fn relu_has_no_slope_at_0() {
    network! { struct Relu(x: [4]) -> [4] { x.relu() } }
    let x = SVector::<f64, 4>::new(1.0, -0.5, -2.0, 0.0);
    let (_, inputs) = Relu::<f64>::new().backward(&x, &SVector::repeat(1.0));
    assert_eq!(inputs.x.as_slice(), [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(
        Relu::<f64>::new().predict(&SVector::<f64, 4>::new(1.0, -0.5, -2.0, 3.0)).as_slice(),
        [1.0, 0.0, 0.0, 3.0]
    );
}

/// The standard deviation of weights whose mean has to be near 0.
fn deviation(weights: &[f64]) -> f64 {
    let count = weights.len() as f64;
    let mean = weights.iter().sum::<f64>() / count;
    assert!(mean.abs() < 0.01, "{mean}");
    (weights.iter().map(|weight| weight * weight).sum::<f64>() / count).sqrt()
}

#[test]
fn weights_are_drawn_for_the_activation_that_follows() {
    network! {
        #[no_gradient_test]
        struct Wide(x: [200]) -> [50] {
            let rectified = x.affine(100).relu();
            let squashed = rectified.affine(100).tanh();
            squashed.net::<Block<100>>().affine(50)
        }
    }
    let net = Wide::<f64>::init(&mut rng(7));
    let near = |weights: &[f64], expected: f64| {
        let found = deviation(weights);
        assert!((found / expected - 1.0).abs() < 0.05, "{found} is not {expected}");
    };
    near(net.rectified.weight.as_slice(), (2.0_f64 / 200.0).sqrt());
    near(net.squashed.weight.as_slice(), (2.0_f64 / 200.0).sqrt());
    near(net.net1.affine1.weight.as_slice(), (2.0_f64 / 100.0).sqrt());
    near(net.affine3.weight.as_slice(), (2.0_f64 / 150.0).sqrt());
    assert!(net.rectified.bias.iter().all(|&bias| bias == 0.0));

    let book = Wide::<f64>::init_with(Init::Normal { std: 0.01 }, &mut rng(7));
    near(book.rectified.weight.as_slice(), 0.01);
    near(book.net1.affine2.weight.as_slice(), 0.01);
    assert_eq!(Wide::<f64>::init(&mut rng(7)), net);
    assert_ne!(Wide::<f64>::init(&mut rng(8)), net);
}

#[test]
#[should_panic(expected = "one input has 3 samples, another 2")]
fn inputs_of_different_batch_sizes_are_refused() {
    let _ = Graph::<f64>::new().predict(&numbers::<2>(3), &numbers::<2>(2));
}

#[test]
#[should_panic(expected = "the gradient of the output has 2 columns, the batch 3")]
fn an_output_gradient_of_another_batch_size_is_refused() {
    let _ = Graph::<f64>::new().backward(&numbers::<2>(3), &numbers::<2>(3), &numbers::<2>(2));
}

#[test]
#[should_panic(expected = "a workspace for 2 samples was given a batch of 3")]
fn a_workspace_that_is_too_small_is_refused() {
    let net = Classifier::<f64>::init(&mut rng(1));
    let _ = net.gradient_in(&numbers::<6>(3), &[0_u8, 0, 0], &mut Classifier::workspace(2));
}

#[test]
#[should_panic(expected = "3")]
fn a_target_of_another_batch_size_is_refused() {
    let _ = Classifier::<f64>::init(&mut rng(1)).loss(&numbers::<6>(3), &[0_u8, 0][..]);
}

#[test]
#[should_panic(expected = "class")]
fn a_class_that_does_not_exist_is_refused() {
    let _ = Classifier::<f64>::init(&mut rng(1)).loss(&numbers::<6>(3), &[0_u8, 3, 0]);
}
