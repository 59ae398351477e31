//! Trains the book's two-layer network to its 96.98 % on the test images of MNIST, in plain SGD.
//!
//! First it checks the gradients on the first three training images; in the end it draws loss and accuracy.
//! `cargo run --release --bin mnist`

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use constgrad::checkpoint;
use constgrad::idx::Idx;
use constgrad::prelude::*;
use constgrad_examples::book::{self, Accuracies, History, INIT, ITERATIONS, TwoLayerNet};
use constgrad_examples::digits::{self, Digits};
use constgrad_examples::options::{HELP, Options};
use indicatif::{ProgressBar, ProgressStyle};
use nalgebra::{Const, Dyn, OMatrix};
use plotters::coord::Shift;
use plotters::coord::types::{RangedCoordf64, RangedCoordusize};
use plotters::prelude::*;
use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

/// The test accuracy that the book ends with. Without arguments the program fails if it does not reach it.
const BOOK: f64 = 0.9698;

fn main() -> Result<()> {
    let Some(options) = Options::parse()? else {
        println!("Trains the book's two-layer network on MNIST.\n\nUsage: mnist [OPTIONS]\n\n{HELP}");
        return Ok(());
    };
    let mnist = Idx::open(&options.data)?;
    if let Some(path) = options.load {
        return show(&checkpoint::load(path)?, &mnist);
    }
    check_gradients(&mnist.train, options.seed)?;
    let start = Instant::now();
    let (net, history) = train(&mnist, options.seed)?;
    println!("\ntrained in {:.1} s", start.elapsed().as_secs_f64());
    if let Some(path) = options.save {
        checkpoint::save(&net, &path)?;
        println!("saved in {}", path.display());
    }
    let picture = std::env::current_exe()?.with_file_name("mnist.svg");
    draw(&history, &picture)?;
    println!("drawn in {}", picture.display());
    let reached = history.accuracies.last().map_or(0.0, |last| last.test);
    ensure!(!options.defaults || reached >= BOOK, "the test accuracy is {reached}, the book's {BOOK}");
    Ok(())
}

/// Prints how far back-propagation is from central differences, as the book does: three images, 64 bits.
fn check_gradients(train: &Digits, seed: u64) -> Result<()> {
    ensure!(train.len() >= 3, "the gradient check takes three training images, there are {}", train.len());
    let net = TwoLayerNet::<f64>::init_with(INIT, &mut Xoshiro256PlusPlus::seed_from_u64(seed));
    let mut x = OMatrix::<f64, Const<784>, Dyn>::zeros(3);
    let mut labels = [0; 3];
    train.gather(0..3, &mut x, &mut labels);
    println!("back-propagation and central differences, on three images in 64 bits, differ in the mean by");
    println!("{}\n", net.grad_check(&x, &labels[..]));
    Ok(())
}

/// Prints what a network is, and its accuracies.
fn show(net: &TwoLayerNet, mnist: &Idx<784, 10>) -> Result<()> {
    ensure!(!mnist.train.is_empty() && !mnist.test.is_empty(), "there are no images to answer");
    println!("{}\n", TwoLayerNet::summary());
    println!("train acc {:.4}", digits::accuracy(&mnist.train, |x, labels| net.accuracy(x, labels)));
    println!("test acc  {:.4}", digits::accuracy(&mnist.test, |x, labels| net.accuracy(x, labels)));
    Ok(())
}

/// Shows how far the training is, on a terminal, and its accuracies as a table.
fn train(mnist: &Idx<784, 10>, seed: u64) -> Result<(TwoLayerNet, History)> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}")?;
    let bar = ProgressBar::new(ITERATIONS as u64).with_style(style);
    println!("iteration  train acc  test acc");
    let trained = book::train(mnist, seed, |accuracies| {
        if let Some(Accuracies { iteration, train, test }) = accuracies {
            bar.suspend(|| println!("{iteration:>9}  {train:>9.4}  {test:>8.4}"));
        }
        bar.inc(1);
    });
    bar.finish_and_clear();
    trained
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordusize, RangedCoordf64>>;

/// Draws the loss and, below it, the accuracies.
fn draw(history: &History, path: &Path) -> Result<()> {
    let root = SVGBackend::new(path, (800, 800)).into_drawing_area();
    root.fill(&WHITE)?;
    let (above, below) = root.split_vertically(400);
    chart(&above, "loss", 2.5)?.draw_series(LineSeries::new(smooth(&history.losses), &BLACK))?;
    draw_accuracies(chart(&below, "accuracy", 1.0)?, &history.accuracies)?;
    root.present()?;
    Ok(())
}

fn chart<'a>(area: &Area<'a>, title: &str, top: f64) -> Result<Chart<'a>> {
    let mut chart = ChartBuilder::on(area)
        .caption(title, ("sans-serif", 20))
        .margin(15)
        .margin_right(30)
        .x_label_area_size(40)
        .y_label_area_size(50)
        .build_cartesian_2d(0..ITERATIONS, 0.0..top)?;
    chart.configure_mesh().x_desc("iteration").light_line_style(TRANSPARENT).draw()?;
    Ok(chart)
}

fn draw_accuracies(mut chart: Chart<'_>, rows: &[Accuracies]) -> Result<()> {
    let train = rows.iter().map(|row| (row.iteration, row.train));
    let test = rows.iter().map(|row| (row.iteration, row.test));
    chart.draw_series(LineSeries::new(train, &BLUE))?.label("train").legend(|at| key(at, BLUE));
    chart.draw_series(LineSeries::new(test, &RED))?.label("test").legend(|at| key(at, RED));
    chart.configure_series_labels().position(SeriesLabelPosition::LowerRight).border_style(BLACK).draw()?;
    Ok(())
}

fn key((x, y): (i32, i32), colour: RGBColor) -> PathElement<(i32, i32)> {
    PathElement::new([(x, y), (x + 20, y)], colour)
}

/// The means of the losses of 50 iterations each.
fn smooth(losses: &[f32]) -> impl Iterator<Item = (usize, f64)> {
    const STRETCH: usize = 50;
    let stretches = losses.chunks_exact(STRETCH).enumerate();
    stretches.map(|(index, losses)| (index * STRETCH, f64::from(losses.iter().sum::<f32>()) / STRETCH as f64))
}
