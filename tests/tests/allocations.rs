//! What allocates: the first training step; what does not: every later one, and the inference of one sample. Checkpoints and
//! data sets take no more memory than their files allow.

#![allow(missing_docs, reason = "the tests say what they test")]

mod counting;

use std::fs;
use std::io::Write;
use std::path::Path;

use constgrad::idx::Dataset;
use constgrad::{
    AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd, Trainable, Workspace, checkpoint, network,
};
use flate2::Compression;
use flate2::write::GzEncoder;
use nalgebra::{Const, Dyn, OMatrix, SMatrix, SVector};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use counting::{allocations, bytes};

network! {
    /// One network inside another, a value used twice, and several activations.
    struct Block(x: [16]) -> [16] { (x + x.affine(16).gelu().affine(16)).tanh() }
}

network! {
    #[loss(softmax_cross_entropy)]
    struct Classifier(x: [64], y: [8]) -> [10] {
        let hidden = concat(x.affine(8).relu(), y).net::<Block>();
        (hidden * hidden.sigmoid()).affine(10)
    }
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}

#[test]
fn a_training_step_allocates_nothing_after_the_first() {
    let mut net = Classifier::<f32>::init(&mut SmallRng::seed_from_u64(1));
    let x = OMatrix::<f32, Const<64>, Dyn>::repeat(32, 0.5);
    let y = SMatrix::<f32, 8, 64>::repeat(0.25);
    let y = y.columns(7, 32);
    let labels: Vec<u8> = (0..32).map(|sample| sample % 10).collect();
    let mut workspace = Classifier::workspace(32);
    let mut optimizers: [Box<dyn Optimizer<Classifier>>; 7] = [
        Box::new(Sgd::new(0.01)),
        Box::new(Momentum::new(0.01, 0.9)),
        Box::new(Nesterov::new(0.01, 0.9)),
        Box::new(Adam::new(1e-3)),
        Box::new(AdamW::new(1e-3)),
        Box::new(RmsProp::new(1e-3)),
        Box::new(AdaGrad::new(1e-3)),
    ];
    let mut step = |net: &mut Classifier| {
        let (loss, gradients) = net.gradient_in(&x, &y, &labels[..], &mut workspace);
        for optimizer in &mut optimizers {
            optimizer.step(net, gradients);
        }
        loss
    };
    let first = step(&mut net);
    let mut last = first;
    let count = allocations(|| (0..10).for_each(|_| last = step(&mut net)));
    assert_eq!(count, 0);
    assert!(last < first, "{first} -> {last}");
}

#[test]
fn a_pass_and_its_way_back_allocate_nothing() {
    let mut net = Classifier::<f32>::init(&mut SmallRng::seed_from_u64(1));
    let x = OMatrix::<f32, Const<64>, Dyn>::repeat(32, 0.5);
    let y = SMatrix::<f32, 8, 64>::repeat(0.25);
    let y = y.columns(7, 32);
    let d_output = OMatrix::<f32, Const<10>, Dyn>::repeat(32, 0.1);
    let mut workspace = Classifier::workspace(32);
    let mut sgd = Sgd::new(0.1);
    let mut step = || {
        let before = net.forward(&x, &y, &mut workspace).output().sum();
        let gradients = net.forward(&x, &y, &mut workspace).backward(&d_output);
        sgd.step(&mut net, gradients);
        let (sum, gradients) = net.forward(&x, &y, &mut workspace).backward_with(|output, mut d_output| {
            d_output.fill(0.1);
            output.sum()
        });
        gradients.scale(0.5);
        sgd.step(&mut net, gradients);
        before - sum
    };
    step();
    let mut fallen = 0.0;
    assert_eq!(allocations(|| fallen = step()), 0);
    assert!(fallen > 0.0, "{fallen}");
}

#[test]
fn a_workspace_takes_the_memory_that_it_says() {
    for samples in [0, 1, 7, 100] {
        let (workspace, bytes) = bytes(|| Classifier::<f32>::workspace(samples));
        let stated = Workspace::<Classifier>::bytes(samples);
        assert!(bytes <= stated && 2 * bytes > stated, "{samples} samples took {bytes} bytes, not {stated}");
        drop(workspace);
    }
}

#[test]
fn the_inference_of_one_sample_allocates_nothing() {
    let net = Classifier::<f64>::init(&mut SmallRng::seed_from_u64(1));
    let (x, y) = (SVector::repeat(0.5), SVector::repeat(-0.5));
    let mut scores = SVector::<f64, 10>::zeros();
    assert_eq!(allocations(|| scores = net.predict(&x, &y)), 0);
    assert!(scores.iter().all(|score| score.is_finite()));
}

#[test]
fn a_checkpoint_allocates_no_more_than_its_file_allows() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("allocations.safetensors");
    let net = Classifier::<f32>::init(&mut SmallRng::seed_from_u64(1));
    checkpoint::save(&net, &path).expect("the folder can be written to");
    let whole = fs::read(&path).expect("it was saved");
    let (loaded, of_network) = bytes(|| checkpoint::load::<Classifier>(&path));
    assert_eq!(loaded.expect("it is whole"), net);
    assert!(of_network < 3 * whole.len(), "{of_network} bytes for a file of {}", whole.len());

    let file = |header: &str| [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
    let tensor = |shape: &str| format!(r#"{{"a":{{"dtype":"F32","shape":[{shape}],"data_offsets":[0,4]}}}}"#);
    let many: Vec<_> =
        (0..5000).map(|i| format!(r#""{i}":{{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#)).collect();
    let hostile = [
        vec![255; 100_000],
        vec![0; 100_000],
        whole[..whole.len() - 1].to_vec(),
        file(&"[".repeat(100_000)),
        file(&format!(r#"{{"{}":1}}"#, "a".repeat(100_000))),
        file(&tensor(&"1,".repeat(50_000))),
        file(&tensor(&format!("1{}", ",1".repeat(50_000)))),
        file(&tensor(&format!("{}", u64::MAX))),
        file(&format!("{{{}}}", many.join(","))),
    ];
    // A list that grows is moved: it counts twice.
    for (case, hostile) in hostile.iter().enumerate() {
        fs::write(&path, hostile).expect("the folder can be written to");
        let (loaded, bytes) = bytes(|| checkpoint::load::<Classifier>(&path));
        loaded.expect_err("it is no checkpoint");
        assert!(bytes < 16 * hostile.len(), "case {case} took {bytes} bytes for {}", hostile.len());
    }
}

/// A file that begins with a small set of images, and decompresses to a thousand times its size.
#[test]
fn a_data_set_allocates_no_more_than_its_headers_say() {
    const MOST: usize = 1 << 19;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let [images, labels] = ["images.gz", "labels.gz"].map(|name| folder.join(name));
    let gzip = |path: &Path, start: &[u8], zeros: usize| {
        let file = fs::File::create(path).expect("the folder can be written to");
        let mut encoder = GzEncoder::new(file, Compression::fast());
        let written = encoder.write_all(start).and_then(|()| encoder.write_all(&vec![0; zeros]));
        written.and_then(|()| encoder.finish().map(drop)).expect("the folder can be written to");
    };
    let refused = |words: &str| {
        let (read, bytes) = bytes(|| Dataset::<784, 10>::read(&images, &labels));
        let message = read.expect_err("it is no data set").to_string();
        assert!(message.contains(words), "{message}");
        assert!(bytes < MOST, "{bytes} bytes: {message}");
    };
    let (of_images, of_labels) = (b"\0\0\x08\x03\0\0\0\x10\0\0\0\x1c\0\0\0\x1c", b"\0\0\x08\x01\0\0\0\x10");
    gzip(&images, of_images, 100 << 20);
    gzip(&labels, of_labels, 16);
    refused("expected the end of the file after 12544 bytes");
    gzip(&images, of_images, 784 * 16);
    gzip(&labels, of_labels, 100 << 20);
    refused("expected the end of the file after 16 bytes");
    // One of the headers says more than the other.
    gzip(&images, b"\0\0\x08\x03\0\x01\0\0\0\0\0\x1c\0\0\0\x1c", 100 << 20);
    gzip(&labels, of_labels, 16);
    refused("expected 65536 labels");
    gzip(&images, of_images, 784 * 16);
    gzip(&labels, b"\0\0\x08\x01\x06\0\0\0", 100 << 20);
    refused("expected 16 labels");
    // Both say more than is there.
    gzip(&images, b"\0\0\x08\x03\0\x10\0\0\0\0\0\x1c\0\0\0\x1c", 784 * 16);
    gzip(&labels, b"\0\0\x08\x01\0\x10\0\0", 16);
    refused("too few for so much");
}
