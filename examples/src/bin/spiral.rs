//! Tells three spirals apart, all points but a few, and draws which part of the plane it takes for which.
//!
//! `cargo run --release --bin spiral`

use std::f32::consts::TAU;
use std::path::Path;

use anyhow::{Result, ensure};
use constgrad::prelude::*;
use plotters::prelude::*;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};

network! {
    /// Which of three spirals a point of the plane belongs to.
    #[loss(softmax_cross_entropy)]
    pub struct Spirals(point: [2]) -> [CLASSES] {
        point.affine(64).tanh().affine(64).tanh().affine(CLASSES)
    }
}

const CLASSES: usize = 3;
const POINTS: usize = 300;
const STEPS: usize = 1500;
/// The share of points that are told apart.
const CLAIM: f64 = 0.99;
/// The cells of the picture along each side.
const CELLS: u16 = 120;
const COLOURS: [RGBColor; CLASSES] = [RGBColor(220, 90, 70), RGBColor(70, 140, 200), RGBColor(90, 170, 90)];

type Points = OMatrix<f32, Const<2>, Dyn>;

/// Points on three arms, with some noise, and the arm of each.
fn spirals(rng: &mut impl Rng) -> (Points, Vec<usize>) {
    let arms: Vec<usize> = (0..POINTS).map(|point| point % CLASSES).collect();
    let polar = |(point, &arm): (usize, &usize)| {
        let along = point as f32 / POINTS as f32;
        let angle = TAU * (1.2 * along + arm as f32 / CLASSES as f32) + rng.random_range(-0.15..0.15);
        [along * angle.cos(), along * angle.sin()]
    };
    let scalars: Vec<f32> = arms.iter().enumerate().flat_map(polar).collect();
    (Points::from_column_slice(&scalars), arms)
}

fn main() -> Result<()> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
    let (points, arms) = spirals(&mut rng);
    let mut net = Spirals::<f32>::init(&mut rng);
    let mut adam = Adam::new(0.01);
    let mut workspace = Spirals::workspace(POINTS);
    for _ in 0..STEPS {
        let (_, gradients) = net.gradient_in(&points, &arms, &mut workspace);
        adam.step(&mut net, gradients);
    }
    let accuracy = net.accuracy(&points, &arms);
    println!("{:.1} % of the points are told apart", 100.0 * accuracy);
    let picture = std::env::current_exe()?.with_file_name("spiral.svg");
    draw(&net, &points, &arms, &picture)?;
    println!("drawn in {}", picture.display());
    ensure!(accuracy >= CLAIM, "the accuracy is {accuracy}, below {CLAIM}");
    Ok(())
}

/// The class with the greatest score at each place, pale, and the points.
fn draw(net: &Spirals, points: &Points, arms: &[usize], path: &Path) -> Result<()> {
    let root = SVGBackend::new(path, (600, 600)).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root).margin(10).build_cartesian_2d(-1.1_f32..1.1, -1.1_f32..1.1)?;
    let edge = |cell: u16| 2.2 * f32::from(cell) / f32::from(CELLS) - 1.1;
    let cells = (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| (column, row)));
    chart.draw_series(cells.map(|(column, row)| {
        let corners = [(edge(column), edge(row)), (edge(column + 1), edge(row + 1))];
        let centre = SVector::<f32, 2>::new(edge(column) + 1.1 / f32::from(CELLS), edge(row) + 1.1 / f32::from(CELLS));
        Rectangle::new(corners, COLOURS[net.predict(&centre).imax()].mix(0.3).filled())
    }))?;
    let dots = points.column_iter().zip(arms);
    chart.draw_series(dots.map(|(point, &arm)| Circle::new((point[0], point[1]), 3, COLOURS[arm].filled())))?;
    root.present()?;
    Ok(())
}
