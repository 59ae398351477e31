//! Gradients by parameters and by inputs, compared with differences and with the book's numbers.

use constgrad::prelude::*;
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
