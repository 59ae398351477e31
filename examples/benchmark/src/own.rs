//! What a user wrote in a crate of their own, beside what it is a copy of: microseconds of both, and their ratio.

use std::hint::black_box;

use constgrad::activation::Silu;
use constgrad::layer::{Affine, Map};
use constgrad::loss::{Huber, Loss};
use constgrad::prelude::*;
use constgrad::{Batch, BatchMut, Forward, Layer, Mode, Rank1, Seed, Target};
use harness::{Clock, numbers};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use crate::markdown::{header, row};

const COLUMNS: [&str; 3] = ["built-in", "own", "own / built-in"];

network! {
    #[loss(huber(delta = 0.5))]
    #[no_gradient_test]
    struct BuiltIn(x: [784]) -> [10] { x.affine(256).silu().affine(64).silu().affine(10) }
}

network! {
    #[loss(constgrad_outside::Huber { delta: 0.5 })]
    #[no_gradient_test]
    struct Own(x: [784]) -> [10] {
        x.net::<constgrad_outside::Affine<784, 256>>()
            .map(constgrad_outside::Silu)
            .net::<constgrad_outside::Affine<256, 64>>()
            .map(constgrad_outside::Silu)
            .net::<constgrad_outside::Affine<64, 10>>()
    }
}

/// Steps of training of a network.
macro_rules! training {
    ($network:ident, $optimizer:expr) => {{
        const SAMPLES: usize = 100;
        let (mut net, mut optimizer) = ($network::init(&mut SmallRng::seed_from_u64(1)), $optimizer);
        let x = OMatrix::<f32, Const<784>, Dyn>::from_vec_generic(Const, Dyn(SAMPLES), numbers(SAMPLES * 784));
        let target = OMatrix::<f32, Const<10>, Dyn>::from_vec_generic(Const, Dyn(SAMPLES), numbers(SAMPLES * 10));
        let mut workspace = $network::workspace(SAMPLES);
        move || {
            let (loss, gradients) = net.gradient_in(black_box(&x), &target, &mut workspace);
            black_box(loss);
            optimizer.step(&mut net, gradients);
        }
    }};
}

/// Measures each pair in turn, so many times, and makes a Markdown table of the medians.
pub(crate) fn compare(rounds: usize) -> String {
    let (mut silu, mut own_silu) = (activation(Silu), activation(constgrad_outside::Silu));
    let (mut huber, mut own_huber) = (loss(Huber::new(0.5)), loss(constgrad_outside::Huber { delta: 0.5 }));
    let (mut adam, mut own_adam) = (optimizer(Adam::new(1e-3)), optimizer(constgrad_outside::Adam::new(1e-3)));
    let (mut affine, mut own_affine) =
        (layer::<Affine<f32, 784, 50>, 784, 50>(), layer::<constgrad_outside::Affine<784, 50>, 784, 50>());
    let (mut step, mut own_step) =
        (training!(BuiltIn, Adam::new(1e-3)), training!(Own, constgrad_outside::Adam::new(1e-3)));
    let pairs: [(&str, Pair<'_>); 5] = [
        ("silu, 64 x 1024, forward and backward", [&mut silu, &mut own_silu]),
        ("huber of 65,536 scores, with gradient", [&mut huber, &mut own_huber]),
        ("Adam, 218,000 parameters", [&mut adam, &mut own_adam]),
        ("affine, 100 x 784 x 50, forward and backward", [&mut affine, &mut own_affine]),
        ("a step of all, 784-256-64-10, batch 100", [&mut step, &mut own_step]),
    ];
    let mut lines = vec![header("µs", &COLUMNS)];
    lines.extend(pairs.map(|(name, pair)| measure(name, pair, rounds)));
    lines.join("\n")
}

/// What is measured: the built-in part, and the copy.
type Pair<'a> = [&'a mut dyn FnMut(); 2];

/// A line: medians of both, and of the ratio in a round.
fn measure(name: &str, [built_in, own]: Pair<'_>, rounds: usize) -> String {
    let mut columns = [const { Vec::new() }; 3];
    for round in 0..rounds {
        let [first, second] = if round % 2 == 0 { [&mut *built_in, &mut *own] } else { [&mut *own, &mut *built_in] };
        let mut times = [Clock::PRODUCT.time(first), Clock::PRODUCT.time(second)];
        if round % 2 == 1 {
            times.reverse();
        }
        for (column, value) in columns.iter_mut().zip([times[0], times[1], times[1] / times[0]]) {
            column.push(value);
        }
    }
    row(name, &COLUMNS, |name| {
        let index = COLUMNS.iter().position(|column| *column == name)?;
        let values = &mut columns.clone()[index];
        values.sort_by(f64::total_cmp);
        Some(format!("{:.2}", values[values.len() / 2]))
    })
}

fn activation(activation: impl constgrad::activation::Activation) -> impl FnMut() {
    const SAMPLES: usize = 64;
    type S = Rank1<1024>;
    let map = Map::<_, S>::new(activation);
    let (input, d_output) = (numbers(SAMPLES * 1024), numbers(SAMPLES * 1024));
    let (mut output, mut d_input) = (vec![0.0; SAMPLES * 1024], vec![0.0; SAMPLES * 1024]);
    move || {
        let input = Batch::<f32, S>::new(black_box(&input), SAMPLES);
        map.forward(input, BatchMut::new(&mut output, SAMPLES), &mut []);
        let forward =
            Forward { input, output: Batch::new(&output, SAMPLES), cache: &[], mode: Mode::Training(Seed::ZERO) };
        let into = BatchMut::new(black_box(&mut d_input), SAMPLES);
        map.backward(forward, Batch::new(&d_output, SAMPLES), Some(into), None, &mut []);
    }
}

fn loss(loss: impl Loss<f32>) -> impl FnMut() {
    let (scores, values) = (numbers(1 << 16), numbers(1 << 16));
    let mut d_scores = vec![0.0; 1 << 16];
    move || {
        let target = Target::from(black_box(&values[..]));
        black_box(loss.evaluate(&scores, &target, 1 << 6, Some(&mut d_scores)));
    }
}

fn optimizer(mut optimizer: impl Optimizer<BuiltIn>) -> impl FnMut() {
    let mut net = BuiltIn::init(&mut SmallRng::seed_from_u64(1));
    let gradients = net.clone();
    move || optimizer.step(black_box(&mut net), &gradients)
}

fn layer<L, const I: usize, const O: usize>() -> impl FnMut()
where
    L: Layer<f32, Input = Rank1<I>, Output = Rank1<O>> + Trainable<Scalar = f32>,
{
    const SAMPLES: usize = 100;
    let layer = L::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
    let mut gradients = L::state();
    let (input, d_output) = (numbers(SAMPLES * I), numbers(SAMPLES * O));
    let (mut output, mut d_input) = (vec![0.0; SAMPLES * O], vec![0.0; SAMPLES * I]);
    let mut scratch = vec![0.0; SAMPLES * L::SCRATCH + L::SCRATCH_ONCE];
    move || {
        let input = Batch::new(black_box(&input), SAMPLES);
        layer.forward(input, BatchMut::new(&mut output, SAMPLES), &mut []);
        let forward =
            Forward { input, output: Batch::new(&output, SAMPLES), cache: &[], mode: Mode::Training(Seed::ZERO) };
        let into = BatchMut::new(black_box(&mut d_input), SAMPLES);
        layer.backward(forward, Batch::new(&d_output, SAMPLES), Some(into), Some(&mut gradients), &mut scratch);
    }
}
