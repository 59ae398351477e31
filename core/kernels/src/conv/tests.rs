//! Every product of a convolution against its definition, for random sizes.

use alloc::vec;
use alloc::vec::Vec;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use super::Geometry;
use super::{Convolution, ConvolutionInputGradient, ConvolutionWeightGradient};
use crate::precision::Precision;
use crate::simd::Real;
use crate::window::Window;

/// A geometry with a few of everything.
fn random_geometry(rng: &mut SmallRng) -> Geometry {
    let groups = rng.random_range(1..4);
    let mut pair = |least: usize, most: usize| [rng.random_range(least..=most), rng.random_range(least..=most)];
    let window = Window { kernel: pair(1, 5), stride: pair(1, 3), padding: pair(0, 3), dilation: pair(1, 3) };
    let room = pair(0, 20);
    let size = |axis: usize| (window.extent()[axis] + room[axis]).saturating_sub(2 * window.padding[axis]).max(1);
    let [rows, columns] = window.slide([size(0), size(1)]);
    let [channels, outputs] = pair(1, 8).map(|count| count * groups);
    Geometry { image: [channels, size(0), size(1)], output: [outputs, rows, columns], window, groups }
}

/// Calls `visit` with the index of a scalar of the image, of a weight and of an output for each product of one sample.
fn each_product(geometry: Geometry, mut visit: impl FnMut(usize, usize, usize)) {
    let Geometry { image: [channels, height, width], output: [outputs, rows, columns], window, groups } = geometry;
    let Window { kernel, stride, padding, dilation } = window;
    for output in 0..outputs {
        for row in 0..rows {
            for column in 0..columns {
                for channel in 0..channels / groups {
                    for kernel_row in 0..kernel[0] {
                        for kernel_column in 0..kernel[1] {
                            let y = row * stride[0] + kernel_row * dilation[0];
                            let x = column * stride[1] + kernel_column * dilation[1];
                            let (Some(y), Some(x)) = (y.checked_sub(padding[0]), x.checked_sub(padding[1])) else {
                                continue;
                            };
                            if y < height && x < width {
                                let of_group = output / (outputs / groups) * (channels / groups) + channel;
                                visit(
                                    (of_group * height + y) * width + x,
                                    ((output * channels / groups + channel) * kernel[0] + kernel_row) * kernel[1]
                                        + kernel_column,
                                    (output * rows + row) * columns + column,
                                );
                            }
                        }
                    }
                }
            }
        }
    }
}

fn random<T: Real + Precision>(rng: &mut SmallRng, len: usize) -> Vec<T> {
    (0..len).map(|_| T::from_f64(rng.random_range(-1.0..1.0))).collect()
}

#[track_caller]
fn assert_near<T: Real + Precision>(found: &[T], expected: &[f64], geometry: Geometry, what: &str) {
    let tolerance = if size_of::<T>() == 4 { 2e-4 } else { 1e-11 };
    for (index, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        assert!((found.to_f64() - expected).abs() < tolerance, "{what} {index}: {found:?} {expected} {geometry:?}");
    }
}

fn check<T: Real + Precision>(seed: u64) {
    let mut rng = SmallRng::seed_from_u64(seed);
    let geometry = random_geometry(&mut rng);
    let samples = rng.random_range(0..4);
    let nan = T::from_f64(f64::NAN);
    let (image, output_len): (usize, usize) = (geometry.image.iter().product(), geometry.output.iter().product());
    let (input, d_output) = (random::<T>(&mut rng, samples * image), random::<T>(&mut rng, samples * output_len));
    let weight = random::<T>(&mut rng, geometry.output[0] * geometry.fan_in());
    let bias = random::<T>(&mut rng, geometry.output[0]);

    let plane = geometry.output[1] * geometry.output[2];
    let mut expected: Vec<f64> =
        (0..samples * output_len).map(|index| bias[index / plane % geometry.output[0]].to_f64()).collect();
    let (mut d_weight, mut d_input) = (vec![0.0; weight.len()], vec![0.0; input.len()]);
    for sample in 0..samples {
        each_product(geometry, |x, w, y| {
            let (x, y) = (sample * image + x, sample * output_len + y);
            expected[y] += (input[x] * weight[w]).to_f64();
            d_weight[w] += (input[x] * d_output[y]).to_f64();
            d_input[x] += (weight[w] * d_output[y]).to_f64();
        });
    }

    let mut room = vec![nan; samples * geometry.room()];
    let mut output = vec![nan; samples * output_len];
    let (epilogue, image) = (None, &mut output);
    Convolution { input: &input, room: &mut room, weight: &weight, bias: &bias, epilogue, output: image, geometry }
        .run();
    assert_near(&output, &expected, geometry, "output");

    let mut found = vec![nan; weight.len()];
    let images = if geometry.room() == 0 { &input } else { &room };
    let (d_output, sums) = (&d_output, &mut vec![nan; 2 * weight.len()]);
    ConvolutionWeightGradient { images, d_output, d_weight: &mut found, first: 0, geometry, room: sums }.run();
    assert_near(&found, &d_weight, geometry, "d_weight");

    let mut found = vec![nan; input.len()];
    room.fill(nan);
    ConvolutionInputGradient { weight: &weight, d_output, room: &mut room, d_input: &mut found, geometry }.run();
    assert_near(&found, &d_input, geometry, "d_input");
}

#[test]
fn products_are_those_of_the_definition() {
    for seed in 0..400 {
        check::<f64>(seed);
        check::<f32>(seed + 1000);
    }
}

#[test]
fn a_sample_is_the_same_to_the_bit_in_any_batch() {
    for seed in 0..100 {
        let mut rng = SmallRng::seed_from_u64(seed);
        let geometry = random_geometry(&mut rng);
        let samples = 70;
        let (image, output_len): (usize, usize) = (geometry.image.iter().product(), geometry.output.iter().product());
        let weight = random::<f32>(&mut rng, geometry.output[0] * geometry.fan_in());
        let (input, d_output) =
            (random::<f32>(&mut rng, samples * image), random::<f32>(&mut rng, samples * output_len));
        let run = |input: &[f32], d_output: &[f32]| {
            let mut room = vec![f32::NAN; d_output.len() / output_len * geometry.room()];
            let (mut output, mut d_input) = (vec![f32::NAN; d_output.len()], vec![f32::NAN; input.len()]);
            let (weight, room) = (&weight, &mut room);
            Convolution { input, room, weight, bias: &[], epilogue: None, output: &mut output, geometry }.run();
            let d_input_of_it = &mut d_input;
            ConvolutionInputGradient { weight, d_output, room, d_input: d_input_of_it, geometry }.run();
            (output, d_input)
        };
        let (output, d_input) = run(&input, &d_output);
        for sample in 0..samples {
            let (of_image, of_output) =
                (sample * image..(sample + 1) * image, sample * output_len..(sample + 1) * output_len);
            let alone = run(&input[of_image.clone()], &d_output[of_output.clone()]);
            assert!(alone.0 == output[of_output] && alone.1 == d_input[of_image], "sample {sample} of {geometry:?}");
        }
    }
}
