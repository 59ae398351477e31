//! Sums over a batch, or over one long sample, are as good in `f32` however long they are.
//!
//! Each network is computed in `f64` too. Numbers that are all alike are the worst case: so are their rounding errors.

use constgrad::prelude::*;
use constgrad::{Role, Scalar, Trainable};
use rand::SeedableRng;
use rand::rngs::SmallRng;

network! {
    #[loss(mean_squared_error)]
    struct Dense(x: [2]) -> [1] {
        x.affine(1)
    }
}

network! {
    #[loss(softmax_cross_entropy)]
    struct Classifier(x: [1]) -> [3] {
        x.affine(3)
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Convolutional(x: [1, 6]) -> [2, 4] {
        x.conv1d(2, kernel = 3)
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Upsampling(x: [1, 2, 2]) -> [1, 4, 4] {
        x.conv_transpose2d(1, kernel = 2, stride = 2)
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Embedded(text: [usize; 1]) -> [1, 2] {
        text.embedding(3, 2)
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Normalised(x: [3]) -> [3] {
        x.layer_norm()
    }
}

network! {
    #[loss(mean_squared_error)]
    struct OverBatch(x: [2]) -> [2] {
        x.batch_norm()
    }
}

network! {
    struct Pooled(x: [1, 2500, 4000]) -> [1] {
        x.global_avg_pool()
    }
}

network! {
    struct LongRow(x: [100_000]) -> [100_000] {
        x.layer_norm()
    }
}

network! {
    struct LongRootMeanSquare(x: [100_000]) -> [100_000] {
        x.rms_norm()
    }
}

network! {
    struct LongSoftmax(x: [100_000]) -> [100_000] {
        x.softmax()
    }
}

type Batch<T, const R: usize> = OMatrix<T, Const<R>, Dyn>;

fn seeded() -> SmallRng {
    SmallRng::seed_from_u64(1)
}

/// A batch of the same sample.
fn repeated<T: Scalar, const R: usize>(sample: [f32; R], count: usize) -> Batch<T, R> {
    Batch::from_fn_generic(Const, Dyn(count), |row, _| T::nearest(sample[row].into()))
}

/// Asserts that what was found is the same but for a millionth of its size.
#[track_caller]
fn assert_same(what: &str, found: &[f32], expected: &[f64]) {
    let size = expected.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
    let error = found.iter().zip(expected).map(|(&found, expected)| (f64::from(found) - expected).abs());
    let error = error.fold(0.0, f64::max) / size;
    assert!(error < 1e-6, "{what} is wrong by {error:.1e} of its size");
}

/// Asserts that loss and gradients are the same in both precisions.
#[track_caller]
fn assert_same_gradients<N: Trainable<Scalar = f32>, M: Trainable<Scalar = f64>>(
    (loss, gradients): &(f32, N),
    (exact_loss, exact): &(f64, M),
) {
    assert_same("the loss", &[*loss], &[*exact_loss]);
    for tensor in (0..N::TENSORS).filter(|&tensor| N::info(tensor).role == Role::Trained) {
        assert_same(&N::info(tensor).name.to_string(), gradients.tensor(tensor), exact.tensor(tensor));
    }
}

/// The same parameters in double precision.
fn widened<N: Trainable<Scalar = f32>, M: Trainable<Scalar = f64>>(net: &N) -> M {
    let mut wide = M::zeros();
    for tensor in 0..N::TENSORS {
        for (wide, &parameter) in wide.tensor_mut(tensor).iter_mut().zip(net.tensor(tensor)) {
            *wide = parameter.into();
        }
    }
    wide
}

/// Compares the gradients of `$net` for a batch of `$count` equal samples and targets.
macro_rules! check {
    ($net:ident, $count:expr, $sample:expr, $target:expr) => {{
        let net = $net::<f32>::init(&mut seeded());
        let found = net.gradient(&repeated($sample, $count), &repeated($target, $count));
        let wide: $net<f64> = widened(&net);
        let exact = wide.gradient(&repeated($sample, $count), &repeated($target, $count));
        assert_same_gradients(&found, &exact);
    }};
}

#[test]
fn gradients_of_a_dense_layer_over_ten_million_samples() {
    check!(Dense, 10_000_000, [0.1, 0.7], [0.3]);
    check!(Dense, 3_000_001, [1.1, -0.013], [-0.77]);
}

#[test]
fn a_cross_entropy_over_ten_million_samples() {
    let net = Classifier::<f32>::init(&mut seeded());
    let labels = vec![1_u8; 10_000_000];
    let found = net.gradient(&repeated([0.3], labels.len()), &labels[..]);
    let exact = widened::<_, Classifier<f64>>(&net).gradient(&repeated([0.3], labels.len()), &labels[..]);
    assert_same_gradients(&found, &exact);
}

#[test]
fn gradients_of_convolutions_over_millions_of_samples() {
    check!(Convolutional, 2_000_000, [0.1, 0.2, 0.3, 0.1, 0.2, 0.7], [0.3; 8]);
    check!(Upsampling, 1_000_000, [0.1, 0.2, 0.3, 0.1], [0.3; 16]);
}

#[test]
fn gradients_of_an_embedding_of_ten_million_equal_indices() {
    let text = OMatrix::<usize, Const<1>, Dyn>::from_element(10_000_000, 1);
    let net = Embedded::<f32>::init(&mut seeded());
    let found = net.gradient(&text, &repeated([0.3, 0.1], text.len()));
    let exact = widened::<_, Embedded<f64>>(&net).gradient(&text, &repeated([0.3, 0.1], text.len()));
    assert_same_gradients(&found, &exact);
}

#[test]
fn gradients_of_norms_over_millions_of_samples() {
    check!(Normalised, 3_000_000, [100.3, 101.0, 99.5], [0.3, 0.1, 0.7]);
    // Of a batch whose samples are all alike nothing would be left.
    let samples = 3_000_000;
    let sample = |row, column| 100.0 + [0.3_f32, 1.7][(row + column) % 2] * [1.0, -1.0, 0.3][column % 3];
    let target = |row, column| [0.3_f32, -0.7][(row + column) % 2];
    let net = OverBatch::<f32>::init(&mut seeded());
    let x = Batch::from_fn_generic(Const, Dyn(samples), sample);
    let t = Batch::from_fn_generic(Const, Dyn(samples), target);
    let found = net.gradient(&x, &t);
    let exact = widened::<_, OverBatch<f64>>(&net).gradient(&x.clone().cast::<f64>(), &t.clone().cast::<f64>());
    assert_same_gradients(&found, &exact);
}

#[test]
fn one_long_sample() {
    let pixels = 10_000_000;
    let found = Pooled::<f32>::init(&mut seeded()).predict(&repeated([0.1], pixels).reshape_generic(Const, Dyn(1)));
    let exact = Pooled::<f64>::init(&mut seeded()).predict(&repeated([0.1], pixels).reshape_generic(Const, Dyn(1)));
    assert_same("the mean", found.as_slice(), exact.as_slice());

    let around_100 = |row: usize, _| 100.0 + ((row * 7919) % 1009) as f32 / 504.5 - 1.0;
    let x = Batch::<f32, 100_000>::from_fn_generic(Const, Dyn(1), around_100);
    let wide = x.clone().cast::<f64>();
    let (norm, exact) = (LongRow::<f32>::init(&mut seeded()), LongRow::<f64>::init(&mut seeded()));
    assert_same("layer_norm", norm.predict(&x).as_slice(), exact.predict(&wide).as_slice());
    let (norm, exact) =
        (LongRootMeanSquare::<f32>::init(&mut seeded()), LongRootMeanSquare::<f64>::init(&mut seeded()));
    assert_same("rms_norm", norm.predict(&x).as_slice(), exact.predict(&wide).as_slice());
    let (softmax, exact) = (LongSoftmax::<f32>::init(&mut seeded()), LongSoftmax::<f64>::init(&mut seeded()));
    assert_same("softmax", softmax.predict(&x).as_slice(), exact.predict(&wide).as_slice());
}
