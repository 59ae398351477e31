use constgrad::network;

use constgrad::{Batch, BatchMut, Forward, Layer, Rank1, Scalar};

/// Twice its input.
#[derive(Clone, Debug, PartialEq)]
pub struct Double<const D: usize, T = f32>(core::marker::PhantomData<T>);

impl<const D: usize, T: Scalar> Layer<T> for Double<D, T> {
    type Input = Rank1<D>;
    type Output = Rank1<D>;

    fn forward(&self, input: Batch<'_, T, Rank1<D>>, mut output: BatchMut<'_, T, Rank1<D>>, _: &mut [T]) {
        for (output, &input) in output.as_mut_slice().iter_mut().zip(input.as_slice()) {
            *output = input + input;
        }
    }

    fn backward(
        &self,
        _: Forward<'_, T, Rank1<D>, Rank1<D>>,
        d_output: Batch<'_, T, Rank1<D>>,
        d_input: Option<BatchMut<'_, T, Rank1<D>>>,
        _: &mut Self,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        for (d_input, &d_output) in d_input.as_mut_slice().iter_mut().zip(d_output.as_slice()) {
            *d_input = d_output + d_output;
        }
    }
}

impl<const D: usize, T: Scalar> constgrad::Parameters for Double<D, T> {
    type Scalar = T;

    const LAYOUT: &'static constgrad::Layout = &constgrad::Layout::fields(&[]);

    fn tensor(&self, index: usize) -> &[T] {
        panic!("no tensor {index}")
    }
}

impl<const D: usize, T: Scalar> constgrad::Trainable for Double<D, T> {
    fn zeros() -> Self {
        Self(core::marker::PhantomData)
    }

    fn init_with<R: rand::Rng + ?Sized>(_: constgrad::Init, _: &mut R) -> Self {
        Self::zeros()
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        panic!("no tensor {index}")
    }
}

network! {
    pub struct Doubled(x: [784]) -> [10] {
        x.affine(50).relu().net::<Double<60>>().affine(10)
    }
}

fn main() {}
