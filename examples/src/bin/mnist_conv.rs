//! Trains a small convolutional network to 99 % of the test images of MNIST, in a minute or two.
//!
//! `cargo run --release --bin mnist_conv`

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use constgrad::idx::Idx;
use constgrad_examples::digits;
use constgrad_examples::lenet::{self, EPOCHS};

/// Without arguments the program fails if it does not reach this test accuracy.
const CLAIM: f64 = 0.99;

const HELP: &str = "\
Trains a convolutional network on MNIST.

Usage: mnist_conv [--data DIR] [--seed N]

  --data DIR  the four gzipped IDX files of another data set of 28 x 28 pixels in 10 classes
  --seed N    another run";

struct Options {
    data: PathBuf,
    seed: u64,
    /// Whether nothing was asked for but what the claim is about.
    defaults: bool,
}

fn main() -> Result<()> {
    let Some(options) = Options::parse()? else {
        println!("{HELP}");
        return Ok(());
    };
    let mnist = Idx::open(&options.data)?;
    let start = Instant::now();
    println!("epoch    loss  test acc");
    let net = lenet::train(&mnist.train, options.seed, |epoch, loss, net| {
        let test = digits::accuracy(&mnist.test, |x, labels| net.accuracy(x, labels));
        println!("{epoch:>2}/{EPOCHS}  {loss:>7.4}  {test:>8.4}");
    })?;
    println!("\ntrained in {:.1} s", start.elapsed().as_secs_f64());
    let reached = digits::accuracy(&mnist.test, |x, labels| net.accuracy(x, labels));
    ensure!(!options.defaults || reached >= CLAIM, "the test accuracy is {reached}, below {CLAIM}");
    Ok(())
}

impl Options {
    /// Nothing where help is asked for.
    fn parse() -> Result<Option<Self>> {
        use lexopt::prelude::*;
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/mnist");
        let mut options = Self { data, seed: 0, defaults: true };
        let mut arguments = lexopt::Parser::from_env();
        while let Some(argument) = arguments.next()? {
            options.defaults = false;
            match argument {
                Long("data") => options.data = arguments.value()?.into(),
                Long("seed") => options.seed = arguments.value()?.parse()?,
                Long("help") | Short('h') => return Ok(None),
                unexpected => return Err(unexpected.unexpected().into()),
            }
        }
        Ok(Some(options))
    }
}
