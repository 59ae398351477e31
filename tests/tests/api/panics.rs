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

mod lines {
    //! Whoever made the mistake is told where: at the call in this file, not somewhere in the library, whatever is computed
    //! on other threads.

    use std::cell::RefCell;
    use std::panic::{self, AssertUnwindSafe, Location};
    use std::sync::Once;

    use constgrad::loss::{Classifier as _, Huber, Loss, SoftmaxCrossEntropy};
    use constgrad::{Batch, BatchMut, Classes, Layer as _, Rank1, Seed, Target, run};

    use super::*;

    /// Enough samples for the threads of a pool.
    const MANY: usize = 2048;

    network! {
        #[loss(softmax_cross_entropy)]
        #[no_gradient_test]
        struct Large(x: [256], text: [usize; 4]) -> [4, 64] {
            let words = text.embedding(9, 64).affine(64).tanh();
            words + x.affine(256).tanh().reshape([4, 64])
        }
    }

    network! {
        #[loss(mean_squared_error)]
        #[no_gradient_test]
        struct Pair(x: [256], y: [256]) -> [256] { x.affine(256) + y }
    }

    network! {
        #[no_gradient_test]
        struct Frozen(x: [2]) -> [2] {
            #[frozen]
            let fixed = x.affine(2);
            fixed.affine(2)
        }
    }

    thread_local! {
        /// The message, file and line of the last panic of this thread.
        static LAST: RefCell<Option<(String, String, u32)>> = const { RefCell::new(None) };
    }

    /// Panics with `message`, in the line of this call.
    #[track_caller]
    fn blames<R>(message: &str, call: impl FnOnce() -> R) {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                let place = info.location().expect("a panic has a place");
                LAST.set(Some((info.to_string(), place.file().to_owned(), place.line())));
                before(info);
            }));
        });
        let here = Location::caller();
        LAST.set(None);
        assert!(panic::catch_unwind(AssertUnwindSafe(call)).is_err(), "{here}: no panic");
        let (found, file, line) = LAST.take().unwrap_or_else(|| panic!("{here}: another thread panicked"));
        assert!(found.contains(message), "{here}: {found}");
        assert_eq!((&file[..], line), (here.file(), here.line()), "{found}");
    }

    fn indices<const R: usize>(columns: usize) -> OMatrix<usize, Const<R>, Dyn> {
        OMatrix::<usize, Const<R>, Dyn>::zeros(columns)
    }

    #[test]
    #[rustfmt::skip]
    fn of_batches() {
        let net = Pair::<f64>::init(&mut rng(1));
        let mut workspace = Pair::workspace(MANY);
        let (x, y, target) = (random(MANY, 1), random(MANY, 2), random(MANY, 3));
        let (less, fewer) = (random(MANY - 1, 2), random(MANY - 1, 3));
        let [inputs, columns] = ["one input has 2048 samples, another 2047", "takes a target of 2048 columns, not 2047"];
        blames(inputs, || net.predict(&x, &less));
        blames(inputs, || net.loss(&x, &less, &target));
        blames(inputs, || net.gradient(&x, &less, &target));
        blames(inputs, || net.gradient_in(&x, &less, &target, &mut workspace).0);
        blames(inputs, || net.input_gradient(&x, &less, &target));
        blames(inputs, || net.backward(&x, &less, &target));
        blames(inputs, || net.numerical_gradient(&x, &less, &target));
        blames(inputs, || net.grad_check(&x, &less, &target));
        blames(columns, || net.loss(&x, &y, &fewer));
        blames(columns, || net.gradient(&x, &y, &fewer));
        blames(columns, || net.gradient_in(&x, &y, &fewer, &mut workspace).0);
        blames(columns, || net.input_gradient(&x, &y, &fewer));
        blames(columns, || net.numerical_gradient(&x, &y, &fewer));
        blames(columns, || net.grad_check(&x, &y, &fewer));
        blames("the gradient of the output has 2047 columns", || net.backward(&x, &y, &fewer));
        blames("the gradient of the output has 2047 columns", || net.forward(&x, &y, &mut workspace).backward(&fewer).clone());
        blames("the gradient of the output has 2047 columns", || net.forward(&x, &y, &mut workspace).backward_inputs(&fewer));
        blames(inputs, || drop(net.forward(&x, &less, &mut workspace)));
        blames(inputs, || drop(net.forward_inference(&x, &less, &mut workspace)));
        let slices = (x.as_slice(), &y.as_slice()[1..]);
        let no_sample = "was given a slice of";
        blames(no_sample, || run::predict(&net, slices));
        blames(no_sample, || run::loss(&net, slices, &target));
        blames(no_sample, || run::gradient(&net, slices, &target, Seed::ZERO));
        blames(no_sample, || run::gradient_in(&net, slices, &target, Seed::ZERO, &mut workspace).0);
        blames(no_sample, || run::input_gradient(&net, slices, &target, Seed::ZERO));
        blames(no_sample, || drop(run::forward(&net, slices, Seed::ZERO, &mut workspace)));
        blames(no_sample, || drop(run::forward_inference(&net, slices, &mut workspace)));
        blames("was given a matrix of 2048 rows", || run::predict(&net, (&x.transpose(), &y)));
        blames("takes a target of 2048 columns, not 2047", || run::loss(&net, (&x, &y), &fewer));
        let mut small = Pair::workspace(MANY - 1);
        blames("a workspace for 2047 samples was given a batch of 2048", || net.gradient_in(&x, &y, &target, &mut small).0);
        blames("a workspace for 2047 samples was given a batch of 2048", || drop(net.forward(&x, &y, &mut small)));
    }

    #[test]
    #[rustfmt::skip]
    fn of_classes_and_indices() {
        let net = Large::<f64>::init(&mut rng(1));
        let mut workspace = Large::workspace(MANY);
        let (x, text, classes) = (random(MANY, 1), indices(MANY), vec![0_u8; 4 * MANY]);
        let (mut too_great, mut no_class, mut matrix) = (text.clone(), classes.clone(), text.clone());
        too_great[(1, MANY - 1)] = 9;
        no_class[4 * MANY - 1] = 64;
        matrix[(3, MANY - 1)] = 64;
        let few = &classes[1..];
        let index = "sample 2047 of `text` has index 9 at position 1, but indices are below 9";
        blames(index, || net.predict(&x, &too_great));
        blames(index, || net.loss(&x, &too_great, &classes));
        blames(index, || net.accuracy(&x, &too_great, &classes));
        blames(index, || net.gradient(&x, &too_great, &classes));
        blames(index, || net.gradient_in(&x, &too_great, &classes, &mut workspace).0);
        blames(index, || net.input_gradient(&x, &too_great, &classes));
        blames(index, || net.backward(&x, &too_great, &random(MANY, 1)));
        blames(index, || drop(net.forward(&x, &too_great, &mut workspace)));
        let first = "sample 0 of `text` has index 9 at position 1, but indices are below 9";
        blames(first, || net.jacobian(&x.column(0), &too_great.column(MANY - 1)));
        blames(index, || net.numerical_gradient(&x, &too_great, &classes));
        blames(index, || net.grad_check(&x, &too_great, &classes));
        let class = "sample 2047 has class 64 at position 3, but 64 scores: classes are below 64";
        blames(class, || net.loss(&x, &text, &no_class));
        blames(class, || net.loss(&x, &text, &matrix));
        blames(class, || net.accuracy(&x, &text, &no_class));
        blames(class, || net.gradient(&x, &text, &no_class));
        blames(class, || net.gradient_in(&x, &text, &no_class, &mut workspace).0);
        blames(class, || net.input_gradient(&x, &text, &no_class));
        blames(class, || net.numerical_gradient(&x, &text, &no_class));
        blames(class, || net.grad_check(&x, &text, &no_class));
        let count = "a batch of 2048 samples takes 8192 classes, one a position, not 8191";
        blames(count, || net.loss(&x, &text, few));
        blames(count, || net.accuracy(&x, &text, few));
        blames(count, || net.gradient(&x, &text, few));
        blames(count, || net.gradient_in(&x, &text, few, &mut workspace).0);
        blames(count, || net.input_gradient(&x, &text, few));
        blames(count, || net.numerical_gradient(&x, &text, few));
        blames(count, || net.grad_check(&x, &text, few));
        blames("a target of 2048 columns, not 2", || net.loss(&x, &text, &random::<256>(2, 1)));
    }

    #[test]
    #[rustfmt::skip]
    fn of_what_stands_beside_networks() {
        let mut net = Pair::<f64>::zeros();
        blames("a tensor was asked for that is 1 beyond the last", || net.affine1.tensor_mut(2).len());
        blames("a tensor was asked for that is 2 beyond the last", || net.affine1.tensor(3).len());
        blames("a tensor was asked for that is 1 beyond the last", || net.tensor(2).len());
        blames("a tensor was asked for that is 3 beyond the last", || net.tensor_mut(4).len());
        blames("a tensor was asked for", || Pair::<f64>::info(2));
        blames("a tensor was asked for", || Pair::<f64>::LAYOUT.info(2));
        let mut gradients = Frozen::<f64>::state();
        blames("holds no frozen layer", || gradients.fixed.weight.len());
        let words = Words::<f64>::zeros();
        let (input, mut output) = (Batch::new(&[4_usize, 5], 1), [0.0; 6]);
        blames("index 5", || words.embedding1.forward(input, BatchMut::new(&mut output, 1), &mut []));
        blames("holds no frozen layer", || gradients.fixed.weight.fill(0.0));
        blames("`delta`", || Huber::new(-1.0));
        blames("`label_smoothing`", || SoftmaxCrossEntropy::new(2.0, &[]));
        blames("`class_weights`", || SoftmaxCrossEntropy::new(0.0, &[f64::NAN]));
        blames("the len is 1 but the index is 1", || Classes::U8(&[0]).get(1));
        let (softmax, classes) = (SoftmaxCrossEntropy::new(0.0, &[]), Target::<f64>::from(&[3_u8]));
        blames("sample 0 has class 3", || softmax.evaluate(&[0.0; 3], &classes, 3, None));
        blames("sample 0 has class 3", || softmax.accuracy(&[0.0; 3], &classes, 3));
        blames("takes a dense target", || Huber::new(1.0).evaluate(&[0.0; 3], &classes, 3, None));
        blames("takes a dense target", || classes.dense(1, 3).len());
        blames("of shape", || Batch::<f64, Rank1<3>>::new(&[0.0; 4], 1).samples());
        blames("there is no tensor `no`", || Regression::<f64>::grad_check_random(1).mean_difference("no"));
    }
}
