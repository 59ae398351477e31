//! Trains a small convolutional network to 99 % of the test images of MNIST, in a minute or so.
//!
//! `cargo run --release --bin mnist_conv`

use std::time::Instant;

use anyhow::{Result, ensure};
use constgrad::checkpoint;
use constgrad::idx::Idx;
use constgrad_examples::digits;
use constgrad_examples::lenet::{self, EPOCHS, LeNet};
use constgrad_examples::options::{HELP, Options};

/// Without arguments the program fails if it does not reach this test accuracy.
const CLAIM: f64 = 0.99;

fn main() -> Result<()> {
    let Some(options) = Options::parse()? else {
        println!("Trains a convolutional network on MNIST.\n\nUsage: mnist_conv [OPTIONS]\n\n{HELP}");
        return Ok(());
    };
    let mnist = Idx::open(&options.data)?;
    let accuracy = |net: &LeNet| digits::accuracy(&mnist.test, |x, labels| net.accuracy(x, labels));
    println!("{}\n", LeNet::summary());
    if let Some(path) = options.load {
        println!("test acc {:.4}", accuracy(&checkpoint::load(path)?));
        return Ok(());
    }
    let start = Instant::now();
    println!("epoch    loss  test acc");
    let net = lenet::train(&mnist.train, options.seed, |epoch, loss, net| {
        println!("{epoch:>2}/{EPOCHS}  {loss:>7.4}  {:>8.4}", accuracy(net));
    })?;
    println!("\ntrained in {:.1} s", start.elapsed().as_secs_f64());
    if let Some(path) = options.save {
        checkpoint::save(&net, &path)?;
        println!("saved in {}", path.display());
    }
    let reached = accuracy(&net);
    ensure!(!options.defaults || reached >= CLAIM, "the test accuracy is {reached}, below {CLAIM}");
    Ok(())
}
