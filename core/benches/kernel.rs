//! GFLOP/s of the products of affine layers, `f32`, through the public layer.
//!
//! `cargo bench -p constgrad --bench kernel`; a product that the layer computes only with others is a difference of times.

#![expect(clippy::cast_precision_loss, reason = "the counts are small")]

use std::hint::black_box;
use std::time::Instant;

use constgrad::layer::Affine;
use constgrad::{Batch, BatchMut, Forward, Init, Layer, Parameters};
use rand::SeedableRng;
use rand::rngs::SmallRng;

fn main() {
    println!("{:>18} {:>8} {:>8} {:>8}   GFLOP/s", "batch x in x out", "forward", "d_weight", "d_input");
    products::<784, 50>(100);
    products::<50, 10>(100);
    products::<784, 512>(128);
    products::<512, 256>(128);
    products::<256, 10>(128);
    products::<784, 50>(1);
    products::<64, 64>(1);
    products::<64, 4>(1);
}

fn products<const I: usize, const O: usize>(samples: usize) {
    let affine = Affine::<f32, I, O>::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
    let mut gradients = Affine::zeros();
    let input = numbers(samples * I);
    let d_output = numbers(samples * O);
    let mut output = vec![0.0; samples * O];
    let mut d_input = vec![0.0; samples * I];
    let mut scratch = vec![0.0; samples * O];

    let forward = seconds(|| {
        affine.forward(Batch::new(black_box(&input), samples), BatchMut::new(&mut output, samples), &mut []);
        black_box(&mut output);
    });
    let mut backward = |d_input: Option<&mut [f32]>| {
        let forward =
            Forward { input: Batch::new(black_box(&input), samples), output: Batch::new(&output, samples), cache: &[] };
        let d_input = d_input.map(|d_input| BatchMut::new(d_input, samples));
        affine.backward(forward, Batch::new(&d_output, samples), d_input, &mut gradients, &mut scratch);
        black_box(&mut gradients);
    };
    let d_weight = seconds(|| backward(None));
    let both = seconds(|| backward(Some(black_box(&mut d_input))));

    let gflop = 2e-9 * (samples * I * O) as f64;
    let [forward, d_weight, d_input] = [forward, d_weight, both - d_weight].map(|seconds| gflop / seconds);
    println!("{:>18} {forward:8.1} {d_weight:8.1} {d_input:8.1}", format!("{samples} x {I} x {O}"));
}

fn numbers(len: usize) -> Vec<f32> {
    (0..len).map(|index| (index * 37 % 101) as f32 / 101.0 - 0.5).collect()
}

/// The best of 9 medians of 11 runs of about a millisecond each.
fn seconds(mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    run();
    let once = start.elapsed().as_nanos().max(10);
    let runs = u32::try_from(1_000_000 / once).expect("at most 100 000") + 1;
    let mut median = || {
        let mut times = [0.0; 11].map(|_: f64| {
            let start = Instant::now();
            (0..runs).for_each(|_| run());
            start.elapsed().as_secs_f64() / f64::from(runs)
        });
        times.sort_by(f64::total_cmp);
        times[5]
    };
    (0..9).map(|_| median()).fold(f64::INFINITY, f64::min)
}
