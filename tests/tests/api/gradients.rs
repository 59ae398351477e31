//! Gradients by parameters and by inputs, compared with differences and with the book's numbers.

use constgrad::prelude::*;
use constgrad::{Optimizer, Parameters, Trainable};
use nalgebra::{matrix, vector};

use super::{Columns, assert_close, differences, random, rng, scalars};

network! {
    #[loss(mean_squared_error)]
    struct Graph(a: [3], b: [3]) -> [2] {
        let hidden = a.affine(3).tanh();
        let gate = b * b - a;
        (hidden * gate + hidden).affine(2)
    }
}

network! {
    struct Apples(apple: [1], apples: [1], tax: [1]) -> [1] {
        let apple_price = apple * apples;
        apple_price * tax
    }
}

network! {
    struct Shopping(apple: [1], apples: [1], orange: [1], oranges: [1], tax: [1]) -> [1] {
        let apple_price = apple * apples;
        let orange_price = orange * oranges;
        (apple_price + orange_price) * tax
    }
}

network! { struct Rectifier(x: [2]) -> [2] { x.relu() } }

network! { struct Polynomial(x: [2]) -> [2] { let square = x * x; square * x + square - x } }

#[test]
fn input_gradients_are_derivatives_of_the_loss() {
    let (net, a, b, target) = (Graph::<f64>::init(&mut rng(1)), random(4, 2), random(4, 3), random(4, 4));
    let (loss, gradients, d) = net.input_gradient(&a, &b, &target);
    assert_eq!((loss, gradients), net.gradient(&a, &b, &target));
    assert_close(&d.a, &differences(&a, |a| net.loss(a, &b, &target)), 1e-9);
    assert_close(&d.b, &differences(&b, |b| net.loss(&a, b, &target)), 1e-9);
}

#[test]
fn backward_takes_any_gradient_of_the_output() {
    let (net, a, b, d_output) = (Graph::<f64>::init(&mut rng(1)), random(4, 2), random(4, 3), random(4, 4));
    let (gradients, d) = net.backward(&a, &b, &d_output);
    assert_close(&d.a, &differences(&a, |a| net.predict(a, &b).dot(&d_output)), 1e-9);
    assert_close(&d.b, &differences(&b, |b| net.predict(&a, b).dot(&d_output)), 1e-9);
    // The loss of a gradient of the output: mean squared error has 2 · (scores - target) / 8.
    let target = net.predict(&a, &b) - &d_output * 4.0;
    assert_close(&scalars(&gradients), &scalars(&net.gradient(&a, &b, &target).1), 1e-14);
}

#[test]
fn a_pass_gives_the_gradients_of_a_loss_with_data_of_its_own() {
    let (net, a, b, target) = (Graph::<f64>::init(&mut rng(1)), random(4, 2), random(4, 3), random::<2>(4, 4));
    let mut workspace = Graph::workspace(5);
    let (loss, expected, d_expected) = net.input_gradient(&a, &b, &target);

    let mut pass = net.forward(&a, &b, &mut workspace);
    assert_eq!(pass.output(), net.predict(&a, &b));
    // Of the mean squared error.
    let d_output = (pass.output() - &target) * (2.0 / 8.0);
    let d = pass.backward_inputs(&d_output);
    assert_close(&d.a, &d_expected.a, 1e-15);
    assert_close(&d.b, &d_expected.b, 1e-15);
    // The gradients of the parameters may follow, and outlive the network's borrow.
    let gradients = pass.backward(&d_output);
    assert_close(&scalars(gradients), &scalars(&expected), 1e-15);

    let (mean, gradients) = net.forward(&a, &b, &mut workspace).backward_with(|output, mut d_output| {
        d_output.copy_from(&((output - &target) * (2.0 / 8.0)));
        (output - &target).norm_squared() / 8.0
    });
    assert_close(&[mean], &[loss], 1e-15);
    assert_close(&scalars(gradients), &scalars(&expected), 1e-15);
    gradients.scale(3.0);
    assert_close(
        &scalars(workspace.gradients()),
        scalars(&expected).iter().map(|d| d * 3.0).collect::<Vec<_>>().iter(),
        1e-14,
    );
}

network! {
    #[loss(mean_squared_error)]
    struct Noisy(x: [6], word: [usize; 2]) -> [3] {
        let words = word.embedding(7, 4).flatten();
        concat(x.affine(5).batch_norm().tanh(), words).affine(9).dropout(rate = 0.5).tanh().affine(3)
    }
}

/// A network whose running statistics are not what they began as.
fn noisy() -> (Noisy<f64>, OMatrix<usize, Const<2>, Dyn>) {
    let word = OMatrix::<usize, Const<2>, Dyn>::from_fn(5, |row, column| (3 * row + column) % 7);
    let mut net = Noisy::<f64>::init(&mut rng(1));
    let (_, gradients) = net.gradient(&random(5, 2), &word, &random(5, 3), &mut rng(2));
    Sgd::new(0.1).step(&mut net, &gradients);
    (net, word)
}

#[test]
fn a_pass_is_one_of_training_or_of_prediction() {
    let (net, word) = noisy();
    let (x, d_output) = (random::<6>(5, 2), random::<3>(5, 3));
    let mut workspace = Noisy::workspace(5);
    let gradients = {
        let mut pass = net.forward(&x, &word, &mut rng(4), &mut workspace);
        assert_ne!(pass.output(), net.predict(&x, &word));
        let d = pass.backward_inputs(&d_output);
        let gradients = pass.backward(&d_output);
        let both = net.backward(&x, &word, &d_output, &mut rng(4));
        assert_eq!((&*gradients, &d), (&both.0, &both.1));
        gradients.clone()
    };
    assert_ne!(scalars(&gradients), vec![0.0; scalars(&gradients).len()]);

    let mut pass = net.forward_inference(&x, &word, &mut workspace);
    assert_eq!(pass.output(), net.predict(&x, &word));
    let d = pass.backward_inputs(&d_output);
    assert_close(&d.x, &differences(&x, |x| net.predict(x, &word).dot(&d_output)), 1e-9);
    let gradients = pass.backward(&d_output).clone();
    let step = 1e-5;
    for tensor in 0..Noisy::<f64>::TENSORS {
        for index in 0..gradients.tensor(tensor).len() {
            let at = |step: f64| {
                let mut moved = net.clone();
                moved.tensor_mut(tensor)[index] += step;
                moved.predict(&x, &word).dot(&d_output)
            };
            assert_close(&[gradients.tensor(tensor)[index]], &[(at(step) - at(-step)) / (2.0 * step)], 1e-8);
        }
    }
    // A prediction says nothing of a batch.
    let mut moved = net.clone();
    Sgd::new(0.0).step(&mut moved, &gradients);
    assert_eq!(moved, net);
}

network! { struct Wide(x: [2]) -> [300] { x.affine(300).tanh() } }

#[test]
fn a_jacobian_holds_the_derivatives_of_each_output() {
    let (net, a, b) = (Graph::<f64>::init(&mut rng(1)), random::<3>(1, 2), random::<3>(1, 3));
    let (a, b) = (a.column(0), b.column(0));
    let (by_a, by_b) = net.jacobian(&a, &b);
    for output in 0..2 {
        let of_a = differences(&Columns::from_column_slice(a.as_slice()), |a| net.predict(&a.column(0), &b)[output]);
        let of_b = differences(&Columns::from_column_slice(b.as_slice()), |b| net.predict(&a, &b.column(0))[output]);
        assert_close(by_a.row(output).iter(), &of_a, 1e-9);
        assert_close(by_b.row(output).iter(), &of_b, 1e-9);
    }

    // In prediction, and by scalars alone.
    let (net, word) = noisy();
    let (x, word) = (random::<6>(1, 5), word.column(3));
    let jacobian = net.jacobian(&x.column(0), &word);
    for output in 0..3 {
        let of_x = differences(&x, |x| net.predict(&x.column(0), &word)[output]);
        assert_close(jacobian.row(output).iter(), &of_x, 1e-9);
    }

    let (net, x) = (Wide::<f64>::init(&mut rng(1)), vector![0.3, -0.2]);
    let (jacobian, y) = (net.jacobian(&x), net.predict(&x));
    let expected =
        SMatrix::<f64, 300, 2>::from_fn(|row, column| (1.0 - y[row] * y[row]) * net.affine1.weight[(column, row)]);
    assert_close(jacobian.iter(), expected.iter(), 1e-12);
}

#[test]
fn numerical_gradients_agree() {
    let (net, a, b, target) = (Graph::<f64>::init(&mut rng(1)), random(4, 2), random(4, 3), random(4, 4));
    let (loss, gradients) = net.gradient(&a, &b, &target);
    assert_close(&scalars(&net.numerical_gradient(&a, &b, &target)), &scalars(&gradients), 1e-8);

    let report = net.grad_check(&a, &b, &target);
    report.assert_ok();
    assert_eq!(report.loss(), loss);
    let names: Vec<_> = report.tensors().iter().map(|tensor| (tensor.name.as_str(), tensor.compared)).collect();
    let expected =
        [("hidden.weight", 9), ("hidden.bias", 3), ("affine2.weight", 6), ("affine2.bias", 2), ("a", 12), ("b", 12)];
    assert_eq!(names, expected);
}

#[test]
fn the_uses_of_a_shared_value_add_up() {
    let x = matrix![2.0, 0.5; -1.0, 3.0];
    let ones = SMatrix::repeat(1.0);
    let net = Polynomial::<f64>::init(&mut rng(1));
    assert_eq!(net.predict(&x), x.map(|x| x * x * x + x * x - x));
    assert_eq!(net.backward(&x, &ones).1.x, x.map(|x| 3.0 * x * x + 2.0 * x - 1.0));
}

#[test]
fn the_bills_are_the_books() {
    let one = vector![1.0];
    let (apple, apples, orange, oranges, tax) =
        (vector![100.0], vector![2.0], vector![150.0], vector![3.0], vector![1.1]);

    let net = Apples::<f64>::init(&mut rng(1));
    assert_eq!(net.predict(&apple, &apples, &tax)[0].to_string(), "220.00000000000003");
    let d = net.backward(&apple, &apples, &tax, &one).1;
    let printed = [&d.apple, &d.apples, &d.tax].map(|gradient| gradient[0].to_string());
    assert_eq!(printed, ["2.2", "110.00000000000001", "200"]);

    let net = Shopping::<f64>::init(&mut rng(1));
    assert_eq!(net.predict(&apple, &apples, &orange, &oranges, &tax)[0].trunc(), 715.0);
    let d = net.backward(&apple, &apples, &orange, &oranges, &tax, &one).1;
    assert_eq!([d.apple[0], d.apples[0].trunc(), d.oranges[0].trunc(), d.tax[0]], [2.2, 110.0, 165.0, 650.0]);
    assert_eq!(format!("{:.1}", d.orange[0]), "3.3");
}

#[test]
fn the_rectifier_passes_what_is_positive() {
    // The book's matrix, whose rows are samples; and the kink, where the derivative is 0 by convention.
    let x = matrix![1.0, -2.0, 0.0; -0.5, 3.0, -0.0];
    let passed = matrix![1.0, 0.0, 0.0; 0.0, 1.0, 0.0];
    let net = Rectifier::<f64>::init(&mut rng(1));
    assert_eq!(net.predict(&x), x.component_mul(&passed));
    assert_eq!(net.backward(&x, &SMatrix::repeat(7.0)).1.x, passed * 7.0);
}

network! {
    #[loss(softmax_cross_entropy)]
    struct Fresh(image: [1, 6, 6]) -> [3] {
        image.conv2d(4, kernel = 3).relu().flatten().affine(3)
    }
}

#[test]
fn a_blank_image_before_fresh_biases_is_not_decided() {
    for seed in 0..5 {
        let net = Fresh::<f64>::init(&mut rng(seed));
        let blank = Columns::<f64, 36>::zeros(2);
        let report = net.grad_check(&blank, &[0_u8, 2]);
        report.assert_ok();
        let undecided: usize = report.tensors().iter().map(|tensor| tensor.undecided).sum();
        assert!(undecided > 0 && report.to_string().contains("= help: check with biases and inputs"), "{report}");
        // What the help says.
        let report = net.grad_check(&random::<36>(2, seed), &[0_u8, 2]);
        report.assert_ok();
        assert!(report.tensors().iter().all(|tensor| tensor.undecided == 0), "{report}");
    }
}
