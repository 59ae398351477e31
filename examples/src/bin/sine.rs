//! Learns to continue a sine of any phase and frequency with an LSTM, to a root mean square error below 0.01, in seconds.
//!
//! `cargo run --release --bin sine`

use anyhow::{Result, ensure};
use constgrad::prelude::*;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};

/// The values that are seen before the one that is asked for.
const SEEN: usize = 24;
const BATCH: usize = 64;
const STEPS: usize = 3000;
const CLAIM: f32 = 0.01;

network! {
    /// The next value of a series.
    #[loss(mean_squared_error)]
    pub struct Next(series: [SEEN, 1]) -> [1] {
        series.lstm(32).last().affine(1)
    }
}

type Series = OMatrix<f32, Const<SEEN>, Dyn>;

/// Sines of random phase and frequency, and their next values.
fn batch(rng: &mut impl Rng) -> (Series, OMatrix<f32, Const<1>, Dyn>) {
    let waves = [(); BATCH].map(|()| (rng.random_range(0.0..std::f32::consts::TAU), rng.random_range(0.1..0.6)));
    let value = |at: usize, wave: usize| {
        let (phase, frequency) = waves[wave];
        (phase + frequency * at as f32).sin()
    };
    (Series::from_fn(BATCH, value), OMatrix::<f32, Const<1>, Dyn>::from_fn(BATCH, |_, wave| value(SEEN, wave)))
}

fn main() -> Result<()> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
    let mut net = Next::<f32>::init(&mut rng);
    let mut adam = Adam::new(5e-3);
    let mut workspace = Next::workspace(BATCH);
    println!("step   error");
    for step in 1..=STEPS {
        adam.learning_rate = 5e-3 * (1.0 - step as f32 / (STEPS + 1) as f32);
        let (series, target) = batch(&mut rng);
        let (loss, gradients) = net.gradient_in(&series, &target, &mut workspace);
        adam.step(&mut net, gradients);
        if step % 500 == 0 {
            println!("{step:>4}  {:>6.4}", loss.sqrt());
        }
    }
    let (series, target) = batch(&mut rng);
    let error = net.loss(&series, &target).sqrt();
    println!("\non waves that it has not seen: {error:.4}");
    ensure!(error < CLAIM, "the error is {error}, not below {CLAIM}");
    Ok(())
}
