//! What allocates: the first training step; what does not: every later one, and the inference of one sample. A checkpoint
//! takes no more memory than its file allows.

#![allow(unsafe_code, reason = "there is no other way to count allocations")]
#![allow(missing_docs, reason = "the tests say what they test")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::path::Path;

use constgrad::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd, Workspace, checkpoint, network};
use nalgebra::{Const, Dyn, OMatrix, SMatrix, SVector};
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// The system's allocator, counting the allocations of each thread.
struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: every call is passed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        BYTES.set(BYTES.get() + layout.size());
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How many allocations `run` makes.
fn allocations(run: impl FnOnce()) -> usize {
    let before = COUNT.get();
    run();
    COUNT.get() - before
}

/// What `run` returns, and the bytes of all allocations that it makes, released or not.
fn bytes<R>(run: impl FnOnce() -> R) -> (R, usize) {
    let before = BYTES.get();
    let result = run();
    (result, BYTES.get() - before)
}

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
