//! The products of affine layers, computed by constgrad through its public layer.

use std::hint::black_box;

use constgrad::layer::Affine;
use constgrad::{Batch, BatchMut, Forward, Init, Layer, Mode, Rank1, Seed, Trainable};
use harness::{Aligned, Clock, Kind, Product, numbers};
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// The microseconds of a product of one of the layers of [`products`](crate::products).
pub(crate) fn measure(product: Product) -> Option<f64> {
    let layer = layer(product.inputs, product.outputs)?;
    Some(layer(product.kind, product.samples))
}

/// What measures the products of a layer of this size.
fn layer(inputs: usize, outputs: usize) -> Option<fn(Kind, usize) -> f64> {
    Some(match (inputs, outputs) {
        (784, 50) => measure_layer::<784, 50>,
        (50, 10) => measure_layer::<50, 10>,
        (784, 512) => measure_layer::<784, 512>,
        (512, 256) => measure_layer::<512, 256>,
        (256, 10) => measure_layer::<256, 10>,
        (64, 64) => measure_layer::<64, 64>,
        (4, 64) => measure_layer::<4, 64>,
        _ => return None,
    })
}

fn measure_layer<const I: usize, const O: usize>(kind: Kind, samples: usize) -> f64 {
    let affine = Affine::<f32, I, O>::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
    match kind {
        Kind::Forward => forward(&affine, samples),
        Kind::Weight => d_weight(&affine, samples),
        Kind::Input => d_input(&affine, samples),
    }
}

fn forward<const I: usize, const O: usize>(affine: &Affine<f32, I, O>, samples: usize) -> f64 {
    let input = Aligned::new(&numbers(samples * I));
    let mut output = Aligned::zeros(samples * O);
    Clock::PRODUCT.time(|| {
        affine.forward(Batch::new(black_box(&input), samples), BatchMut::new(&mut output, samples), &mut []);
        black_box(&mut output);
    })
}

/// The gradients of weight and bias: the layer computes them together.
fn d_weight<const I: usize, const O: usize>(affine: &Affine<f32, I, O>, samples: usize) -> f64 {
    let mut gradients = Affine::zeros();
    backward(samples, |forward, d_output, scratch| {
        affine.backward(forward, d_output, None, Some(black_box(&mut gradients)), scratch);
    })
}

fn d_input<const I: usize, const O: usize>(affine: &Affine<f32, I, O>, samples: usize) -> f64 {
    let mut d_input = Aligned::zeros(samples * I);
    backward(samples, |forward, d_output, scratch| {
        let d_input = BatchMut::new(black_box(&mut d_input), samples);
        affine.backward(forward, d_output, Some(d_input), None, scratch);
    })
}

/// Times `gradient` of a batch, an output gradient and scratch memory.
fn backward<const I: usize, const O: usize>(
    samples: usize,
    mut gradient: impl FnMut(Forward<'_, f32, Rank1<I>, Rank1<O>>, Batch<'_, f32, Rank1<O>>, &mut [f32]),
) -> f64 {
    let [input, d_output] = [I, O].map(|size| Aligned::new(&numbers(samples * size)));
    let [output, mut scratch] = [O, Affine::<f32, I, O>::SCRATCH].map(|size| Aligned::zeros(samples * size));
    Clock::PRODUCT.time(|| {
        let input = Batch::new(black_box(&input), samples);
        let forward =
            Forward { input, output: Batch::new(&output, samples), cache: &[], mode: Mode::Training(Seed::ZERO) };
        gradient(forward, Batch::new(black_box(&d_output), samples), &mut scratch);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::products::products;

    #[test]
    fn every_product_of_the_table_is_known() {
        assert!(products().iter().all(|product| layer(product.inputs, product.outputs).is_some()));
    }
}
