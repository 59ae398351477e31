//! The products of affine layers, computed by constgrad through its public layer.

use std::hint::black_box;

use constgrad::layer::Affine;
use constgrad::{Batch, BatchMut, Forward, Init, Layer, Parameters};
use harness::{Clock, Kind, Product, numbers};
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
        Kind::Weight => backward(&affine, samples, false),
        // The layer computes it only beside the other.
        Kind::Input => backward(&affine, samples, true) - backward(&affine, samples, false),
    }
}

fn forward<const I: usize, const O: usize>(affine: &Affine<f32, I, O>, samples: usize) -> f64 {
    let input = numbers(samples * I);
    let mut output = vec![0.0; samples * O];
    Clock::PRODUCT.time(|| {
        affine.forward(Batch::new(black_box(&input), samples), BatchMut::new(&mut output, samples), &mut []);
        black_box(&mut output);
    })
}

/// The gradients of weight and bias and, where `with_input`, that of the input.
fn backward<const I: usize, const O: usize>(affine: &Affine<f32, I, O>, samples: usize, with_input: bool) -> f64 {
    let (input, output, d_output) = (numbers(samples * I), vec![0.0; samples * O], numbers(samples * O));
    let mut d_input = vec![0.0; samples * I];
    let mut gradients = Affine::zeros();
    let mut scratch = vec![0.0; samples * Affine::<f32, I, O>::SCRATCH];
    Clock::PRODUCT.time(|| {
        let input = Batch::new(black_box(&input), samples);
        let forward = Forward { input, output: Batch::new(&output, samples), cache: &[] };
        let d_input = with_input.then(|| BatchMut::new(black_box(&mut d_input), samples));
        affine.backward(
            forward,
            Batch::new(black_box(&d_output), samples),
            d_input,
            Some(&mut gradients),
            &mut scratch,
        );
        black_box(&mut gradients);
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
