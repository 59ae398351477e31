//! What only the run can tell to be wrong: sizes of batches and classes, each with a message that says both numbers.

use constgrad::prelude::*;

use super::{random, rng};

network! {
    #[loss(softmax_cross_entropy)]
    struct Classifier(x: [2], y: [2]) -> [3] { (x + y).affine(3) }
}

network! {
    #[loss(mean_squared_error)]
    struct Regression(x: [2]) -> [3] { x.affine(3) }
}

network! {
    struct Words(text: [usize; 2]) -> [2, 3] { text.embedding(5, 3) }
}

fn classifier() -> Classifier<f64> {
    Classifier::<f64>::init(&mut rng(1))
}

fn regression() -> Regression<f64> {
    Regression::<f64>::init(&mut rng(1))
}

#[test]
#[should_panic(expected = "one input has 4 samples, another 5")]
fn inputs_of_different_batch_size() {
    let _ = classifier().predict(&random(4, 1), &random(5, 2));
}

#[test]
#[should_panic(expected = "a batch of 4 samples takes 4 classes, not 5")]
fn classes_of_another_batch_size() {
    let _ = classifier().gradient(&random(4, 1), &random(4, 2), &[0_u8; 5]);
}

#[test]
#[should_panic(expected = "sample 2 has class 3, but 3 scores: classes are below 3")]
fn a_class_that_does_not_exist() {
    let _ = classifier().accuracy(&random(4, 1), &random(4, 2), &[0_usize, 2, 3, 1]);
}

#[test]
#[should_panic(expected = "a batch of 4 samples takes a target of 4 columns, not 5")]
fn a_target_of_another_batch_size() {
    let _ = regression().loss(&random(4, 1), &random(5, 2));
}

#[test]
#[should_panic(expected = "a batch of 4 samples takes a target of 4 columns, not 3")]
fn one_hot_columns_of_another_batch_size() {
    let _ = classifier().accuracy(&random(4, 1), &random(4, 2), &random::<3>(3, 2));
}

#[test]
#[should_panic(expected = "the gradient of the output has 5 columns, the batch 4")]
fn a_gradient_of_the_output_of_another_batch_size() {
    let _ = regression().backward(&random(4, 1), &random(5, 2));
}

#[test]
#[should_panic(expected = "a workspace for 3 samples was given a batch of 4")]
fn a_workspace_that_is_too_small() {
    let _ = regression().gradient_in(&random(4, 1), &random(4, 2), &mut Regression::workspace(3));
}

#[test]
#[should_panic(expected = "sample 299 of `text` has index 5 at position 1, but indices are below 5")]
fn an_index_that_does_not_exist() {
    let mut text = OMatrix::<usize, Const<2>, Dyn>::zeros_generic(Const, Dyn(300));
    text[(1, 299)] = 5;
    let _ = Words::<f64>::init(&mut rng(1)).predict(&text);
}
