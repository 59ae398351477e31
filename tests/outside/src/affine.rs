use constgrad::kernels::Epilogue;
use constgrad::kernels::product::{Dots, OuterSums, RowSum, WeightedSums};
use constgrad::{
    Batch, BatchMut, Forward, Init, Layer, Mode, Parameters, Rank1, Scalar, Tensor, Trainable, tensors, tensors_mut,
};
use rand::{Rng, RngExt};

/// A copy of [`constgrad::layer::Affine`].
#[derive(Clone, Debug, PartialEq)]
pub struct Affine<const I: usize, const O: usize, T: Scalar = f32> {
    /// Column `o` holds the weights of output `o`.
    pub weight: Tensor<T, I, O>,
    /// One bias an output.
    pub bias: Tensor<T, O, 1>,
}

impl<const I: usize, const O: usize, T: Scalar> Affine<I, O, T> {
    fn product(
        &self,
        input: Batch<'_, T, Rank1<I>>,
        epilogue: Option<Epilogue<'_, T>>,
        mut output: BatchMut<'_, T, Rank1<O>>,
    ) {
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        let (weight, bias) = (self.weight.as_slice(), self.bias.as_slice());
        Dots { input, weight, bias, epilogue, output, inputs: I }.run();
    }
}

impl<const I: usize, const O: usize, T: Scalar> Layer<T> for Affine<I, O, T> {
    type Input = Rank1<I>;
    type Output = Rank1<O>;

    const SCRATCH: usize = O;
    const READS_OUTPUT: bool = false;
    const MULTIPLY_ADDS: usize = I * O;

    fn forward(&self, input: Batch<'_, T, Rank1<I>>, output: BatchMut<'_, T, Rank1<O>>, _: &mut [T]) {
        self.product(input, None, output);
    }

    fn forward_then(
        &self,
        _: Mode,
        input: Batch<'_, T, Rank1<I>>,
        output: BatchMut<'_, T, Rank1<O>>,
        _: &mut [T],
        then: Epilogue<'_, T>,
    ) {
        self.product(input, Some(then), output);
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<I>, Rank1<O>>,
        d_output: Batch<'_, T, Rank1<O>>,
        d_input: Option<BatchMut<'_, T, Rank1<I>>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let d_output = d_output.as_slice();
        if let Some(gradients) = gradients {
            let (rows, sums) = (forward.input.as_slice(), gradients.weight.as_mut_slice());
            OuterSums { rows, coefficients: d_output, sums, width: I, scratch }.run();
            RowSum { rows: d_output, sum: gradients.bias.as_mut_slice() }.run();
        }
        if let Some(mut d_input) = d_input {
            let (rows, sums) = (self.weight.as_slice(), d_input.as_mut_slice());
            WeightedSums { rows, coefficients: d_output, sums, width: I }.run();
        }
    }
}

impl<const I: usize, const O: usize, T: Scalar> Parameters for Affine<I, O, T> {
    type Scalar = T;

    tensors!(weight: &[O, I], bias: &[O]);
}

impl<const I: usize, const O: usize, T: Scalar> Trainable for Affine<I, O, T> {
    fn zeros() -> Self {
        Self { weight: Tensor::zeros(), bias: Tensor::zeros() }
    }

    fn init_with<R: Rng + ?Sized>(_: Init, rng: &mut R) -> Self {
        let mut affine = Self::zeros();
        let bound = 1.0 / (I as f64).sqrt();
        affine.weight.iter_mut().for_each(|weight| *weight = T::nearest(rng.random_range(-bound..bound)));
        affine
    }

    tensors_mut!(weight, bias);
}
