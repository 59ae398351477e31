//! Functions over any network: they do what the methods of a declared network do, and look at sizes when they are called.

use constgrad::loss::Classifier;
use constgrad::prelude::*;
use constgrad::{AnyNetwork, Input, Seed, Target, Workspace, run, weighted};
use nalgebra::DMatrix;

use super::{Columns, random, random_classes, rng};

network! {
    #[loss(softmax_cross_entropy)]
    struct Words(x: [6], text: [usize; 2]) -> [3] {
        concat(x.affine(5).tanh(), text.embedding(7, 4).flatten()).affine(3)
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Regression(x: [2, 3]) -> [2] { x.flatten().affine(4).tanh().affine(2) }
}

network! {
    #[loss(softmax_cross_entropy)]
    struct Positions(text: [usize; 4]) -> [4, 3] { text.embedding(7, 4).affine(3) }
}

network! {
    #[loss(mean_squared_error)]
    struct Noisy(x: [6]) -> [2] { x.affine(20).dropout(rate = 0.5).affine(2) }
}

const SAMPLES: usize = 9;

fn text<const R: usize>() -> OMatrix<usize, Const<R>, Dyn> {
    OMatrix::<usize, Const<R>, Dyn>::from_fn(SAMPLES, |row, column| (3 * row + column) % 7)
}

/// What a function can do that knows nothing of `N` but that it classifies.
fn train<N: Network<Scalar = f64, Loss: Classifier<f64>> + Trainable>(
    net: &mut N,
    x: &[f64],
    text: &[usize],
    labels: &[u8],
) -> (f64, f64) {
    let mut workspace = Workspace::new(labels.len());
    let mut adam = Adam::new(0.05);
    for _ in 0..200 {
        let (_, gradients) = run::gradient_in(net, (x, text), labels, Seed::ZERO, &mut workspace);
        adam.step(net, gradients);
    }
    (run::loss(net, (x, text), labels), run::accuracy(net, (x, text), labels))
}

#[test]
fn a_function_over_networks_trains_one() {
    let mut net = Words::<f64>::init(&mut rng(1));
    let (x, text) = (random::<6>(SAMPLES, 2), text::<2>());
    let labels: Vec<u8> = random_classes(SAMPLES, 3, 3).iter().map(|&class| u8::try_from(class).unwrap()).collect();
    let before = net.loss(&x, &text, &labels);
    let (loss, accuracy) = train(&mut net, x.as_slice(), text.as_slice(), &labels);
    assert!(loss < before / 10.0, "{before} -> {loss}");
    assert_eq!((loss, accuracy), (net.loss(&x, &text, &labels), net.accuracy(&x, &text, &labels)));
}

#[test]
fn matrices_and_slices_give_what_the_methods_give() {
    let net = Regression::<f64>::init(&mut rng(1));
    let (x, t) = (random::<6>(SAMPLES, 2), random::<2>(SAMPLES, 3));
    let (rows_x, rows_t) = (x.clone().resize_vertically(6, 0.0), DMatrix::from_column_slice(2, SAMPLES, t.as_slice()));
    let weights: Vec<f64> = (0..SAMPLES).map(|sample| sample as f64).collect();

    assert_eq!(run::predict(&net, &rows_x), net.predict(&x));
    assert_eq!(run::predict(&net, x.as_slice()), net.predict(&x));
    assert_eq!(run::loss(&net, &rows_x, &rows_t), net.loss(&x, &t));
    let weighted_loss = run::loss(&net, &x, weighted(&rows_t, &weights));
    assert_eq!(weighted_loss, net.loss(&x, weighted(&t, &weights)));
    assert_eq!(run::gradient(&net, &rows_x, t.as_slice(), Seed::ZERO), net.gradient(&x, &t));
    assert_eq!(run::input_gradient(&net, &rows_x, &rows_t, Seed::ZERO), net.input_gradient(&x, &t));
    // A view with gaps.
    let gaps = DMatrix::from_fn(8, SAMPLES, |row, column| if row < 6 { x[(row, column)] } else { 7.0 });
    assert_eq!(run::predict(&net, &gaps.rows(0, 6)), net.predict(&x));

    let mut workspace = Workspace::new(SAMPLES);
    let (loss, gradients) = run::forward(&net, &rows_x, Seed::ZERO, &mut workspace).backward_with(|output, mut d| {
        d.copy_from(&((output - &rows_t) * (2.0 / (2 * SAMPLES) as f64)));
        (output - &rows_t).norm_squared() / (2 * SAMPLES) as f64
    });
    let (expected, expected_gradients) = net.gradient(&x, &t);
    assert!((loss - expected).abs() < 1e-14);
    gradients.axpy(-1.0, &expected_gradients);
    assert!(gradients.norm() < 1e-14);
    let pass = run::forward_inference(&net, x.as_slice(), &mut workspace);
    assert_eq!(pass.output(), net.predict(&x));
}

#[test]
fn a_class_at_each_position_comes_from_a_slice() {
    let net = Positions::<f64>::init(&mut rng(1));
    let (text, classes) = (text::<4>(), random_classes(4 * SAMPLES, 3, 2));
    let matrix = OMatrix::<usize, Const<4>, Dyn>::from_column_slice(&classes);
    let rows = DMatrix::from_column_slice(4, SAMPLES, &classes);
    let expected = net.loss(&text, &matrix);
    assert_eq!(run::loss(&net, text.as_slice(), &classes), expected);
    assert_eq!(run::loss(&net, &text, &rows), expected);
    assert_eq!(run::loss(&net, &DMatrix::from_column_slice(4, SAMPLES, text.as_slice()), &classes), expected);
}

#[test]
fn random_numbers_follow_from_the_seed() {
    let net = Noisy::<f64>::init(&mut rng(1));
    let (x, t) = (random::<6>(SAMPLES, 2), random::<2>(SAMPLES, 3));
    assert_eq!(run::gradient(&net, &x, &t, Seed::draw(&mut rng(4))), net.gradient(&x, &t, &mut rng(4)));
    assert_ne!(run::gradient(&net, &x, &t, Seed::draw(&mut rng(5))), net.gradient(&x, &t, &mut rng(4)));
}

#[test]
fn networks_of_several_types_are_in_one_list() {
    let (words, regression) = (Words::<f64>::init(&mut rng(1)), Regression::<f64>::init(&mut rng(2)));
    let networks: [Box<dyn AnyNetwork<f64>>; 2] = [Box::new(words.clone()), Box::new(regression.clone())];
    let (x, text) = (random::<6>(SAMPLES, 2), text::<2>());
    let [scalars, indices] = [Input::Scalars(x.as_slice()), Input::Indices(text.as_slice())];
    assert_eq!(networks[0].predict(&[scalars, indices]), words.predict(&x, &text).as_slice());
    assert_eq!(networks[1].predict(&[scalars]), regression.predict(&x).as_slice());
    let t = random::<2>(SAMPLES, 3);
    assert_eq!(networks[1].loss(&[scalars], &Target::from(t.as_slice())), regression.loss(&x, &t));
    let shapes: Vec<_> = networks.iter().map(|net| (net.inputs().len(), net.output_dims())).collect();
    assert_eq!(shapes, [(2, &[3][..]), (1, &[2])]);
}

mod mistakes {
    use super::*;

    #[test]
    #[should_panic(expected = "`x` was given a slice of 7, but a sample has 6")]
    fn no_whole_samples() {
        let _ = run::predict(&Regression::<f64>::init(&mut rng(1)), &[0.0; 7]);
    }

    #[test]
    #[should_panic(expected = "`x` was given a matrix of 3 rows, but a sample has 6")]
    fn rows_that_are_no_samples() {
        let _ = run::predict(&Regression::<f64>::init(&mut rng(1)), &Columns::<f64, 3>::zeros(2));
    }

    #[test]
    #[should_panic(expected = "`text` takes indices, but was given scalars")]
    fn scalars_for_indices() {
        let _ = run::predict(&Words::<f64>::init(&mut rng(1)), (&[0.0; 6], &[0.0; 2]));
    }

    #[test]
    #[should_panic(expected = "`x` takes scalars, but was given indices")]
    fn indices_for_scalars() {
        let _ = run::predict(&Regression::<f64>::init(&mut rng(1)), &[0_usize; 6]);
    }

    #[test]
    #[should_panic(expected = "a network of 2 inputs was given 1")]
    fn too_few_inputs() {
        let _ = run::predict(&Words::<f64>::init(&mut rng(1)), &[0.0; 6]);
    }

    #[test]
    #[should_panic(expected = "a network of 1 input was given 2")]
    fn too_many_inputs() {
        let _ = run::predict(&Regression::<f64>::init(&mut rng(1)), (&[0.0; 6], &[0_usize; 2]));
    }

    #[test]
    #[should_panic(expected = "one input has 1 sample, another 2")]
    fn inputs_of_two_sizes() {
        let _ = run::predict(&Words::<f64>::init(&mut rng(1)), (&[0.0; 6], &[0_usize; 4]));
    }

    #[test]
    #[should_panic(expected = "a batch of 1 sample takes a target of 2 scalars, 2 a sample, not 3")]
    fn a_target_of_another_length() {
        let _ = run::loss(&Regression::<f64>::init(&mut rng(1)), &[0.0; 6], &[0.0; 3]);
    }

    #[test]
    #[should_panic(expected = "a target has 2 rows here, not 3")]
    fn a_target_of_other_rows() {
        let _ = run::loss(&Regression::<f64>::init(&mut rng(1)), &[0.0; 6], &Columns::<f64, 3>::zeros(1));
    }

    #[test]
    #[should_panic(expected = "the gradient of the output has 3 rows, the output 2")]
    fn a_gradient_of_other_rows() {
        let (net, mut workspace) = (Regression::<f64>::init(&mut rng(1)), Workspace::new(1));
        let _ = run::forward(&net, &[0.0; 6], Seed::ZERO, &mut workspace).backward(&DMatrix::zeros(3, 1));
    }

    #[test]
    #[should_panic(expected = "`x` was given a slice of 7, but a sample has 6")]
    fn of_a_network_of_any_type() {
        let net: Box<dyn AnyNetwork<f64>> = Box::new(Regression::<f64>::init(&mut rng(1)));
        let _ = net.predict(&[Input::Scalars(&[0.0; 7])]);
    }
}
