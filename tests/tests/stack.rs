//! Nothing of the size of a parameter crosses the stack, not even in a debug build.

use constgrad::Scalar;
use constgrad::prelude::*;
use rand::SeedableRng;
use rand::rngs::SmallRng;

network! {
    /// 50 million parameters.
    #[loss(mean_squared_error)]
    #[no_gradient_test]
    struct Large(x: [8192]) -> [1] {
        x.affine(6144).relu().affine(1)
    }
}

/// The stack of a spawned thread, where nobody asked for more.
const STACK: usize = 2 << 20;

#[test]
fn a_network_of_50_million_parameters_trains_on_a_small_stack() {
    const { assert!(<Large>::COUNT >= 50_000_000) };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(|| {
        let mut net = Large::<f32>::init(&mut SmallRng::seed_from_u64(1));
        let mut adam = Adam::new(1e-5);
        let mut workspace = Large::workspace(1);
        let x = SVector::<f32, 8192>::repeat(0.1);
        let target = SVector::<f32, 1>::repeat(1.0);
        let (before, gradients) = net.gradient_in(&x, &target, &mut workspace);
        adam.step(&mut net, gradients);
        let copy = net.clone();
        drop(net);
        let after = copy.loss(&x, &target);
        assert!(after < before, "{before} -> {after}");
    });
    thread.expect("a thread starts").join().expect("the stack holds");
}

/// What a thread of a small system is given.
const SMALL_STACK: usize = 512 << 10;

network! {
    /// Every kind of kernel.
    #[loss(softmax_cross_entropy(class_weights = [1.0, 2.0, 1.0]))]
    #[random]
    struct Everything(image: [2, 12, 12], signal: [2, 20], text: [usize; 6]) -> [3] {
        let convolved = image.conv2d(4, kernel = 3, padding = 1).batch_norm().relu().conv2d(8, kernel = 3, stride = 2, groups = 2);
        let pooled = convolved.leaky_relu().conv_transpose2d(4, kernel = 2, stride = 2).max_pool2d(2).avg_pool2d(2, stride = 1);
        let seen = pooled.upsample2d(2).zero_pad2d(1).global_avg_pool().affine(7).tanh();
        let heard = signal.conv1d(8, kernel = 5).prelu().max_pool1d(2).flatten().affine(7).gelu().dropout(rate = 0.1);
        let embedded = text.embedding(9, 8).learned_positions().layer_norm().multi_head_attention(2).rms_norm();
        let read = embedded.lstm(6).gru(5).rnn(7).silu().last();
        let log = (seen + heard * read).log_softmax();
        concat(seen, log, read / (heard.square() + seen.exp())).affine(20).elu().affine(3)
    }
}

network! {
    /// Wide vectors, deep and long sums.
    #[loss(mean_squared_error)]
    #[no_gradient_test]
    struct Wide(x: [200]) -> [70] {
        x.affine(150).relu().affine(70)
    }
}

/// Batches around which the kernels of products change.
fn run_wide<T: Scalar>() {
    let net = Wide::<T>::init(&mut SmallRng::seed_from_u64(1));
    for samples in [1, 7, 100, 700] {
        let x = OMatrix::<T, Const<200>, Dyn>::repeat(samples, T::nearest(0.1));
        let target = OMatrix::<T, Const<70>, Dyn>::zeros(samples);
        let (loss, gradients) = net.gradient(&x, &target);
        assert!(loss.to_f64() > 0.0 && gradients.affine1.weight.iter().all(|d| d.to_f64().is_finite()));
    }
}

/// Trains one step with each optimizer, predicts, and checks gradients.
fn run_everything<T: Scalar>() {
    let mut rng = SmallRng::seed_from_u64(1);
    let mut net = Everything::<T>::init(&mut rng);
    let image =
        OMatrix::<T, Const<288>, Dyn>::from_fn(9, |row, column| T::nearest((row * 7 + column) as f64 % 5.0 - 2.0));
    let signal =
        OMatrix::<T, Const<40>, Dyn>::from_fn(9, |row, column| T::nearest((row * 3 + column) as f64 % 4.0 - 1.5));
    let text = OMatrix::<usize, Const<6>, Dyn>::from_fn(9, |row, column| (row + column) % 9);
    let labels = [0_u8, 1, 2, 0, 1, 2, 0, 1, 2];
    let rate = T::nearest(1e-3);
    let (_, gradients) = net.gradient(&image, &signal, &text, &labels, &mut rng);
    Adam::new(rate).step(&mut net, &gradients);
    AdamW::new(rate).step(&mut net, &gradients);
    RmsProp::new(rate).step(&mut net, &gradients);
    AdaGrad::new(rate).step(&mut net, &gradients);
    Sgd::new(rate).step(&mut net, &gradients);
    Momentum::new(rate, rate).step(&mut net, &gradients);
    Nesterov::new(rate, rate).step(&mut net, &gradients);
    assert!(net.loss(&image, &signal, &text, &labels).to_f64().is_finite());
    let one = net.predict(&image.column(0).into_owned(), &signal.column(0).into_owned(), &text.column(0).into_owned());
    assert!(one.iter().all(|score| score.to_f64().is_finite()));
    Everything::<T>::grad_check_random(1).assert_ok();
}

#[test]
fn every_layer_trains_on_a_stack_of_512_kib() {
    for run in [run_everything::<f32>, run_everything::<f64>, run_wide::<f32>, run_wide::<f64>] {
        let thread = std::thread::Builder::new().stack_size(SMALL_STACK).spawn(run);
        thread.expect("a thread starts").join().expect("the stack holds");
    }
}
