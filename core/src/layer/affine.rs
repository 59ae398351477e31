use rand::Rng;

use constgrad_kernels::Epilogue;
use constgrad_kernels::product::{Dots, OuterSums, RowSum, WeightedSums};

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Init, Mode, Parameters, Rank1, Scalar, Tensor, Trainable, tensors, tensors_mut};

/// Fully connected layer: `output = weightᵀ · input + bias`.
///
/// # Shapes
/// - input `[I]`, `weight` `[I, O]`, `bias` `[O]`, output `[O]`; with `BIASES` 0 there is no `bias`, otherwise they are `O`
///
/// # Gradients
/// - `d_input = weight · d_output`, `d_weight = Σ input · d_outputᵀ`, `d_bias = Σ d_output`
#[derive(Clone, Debug, PartialEq)]
pub struct Affine<T: Scalar, const I: usize, const O: usize, const BIASES: usize = O> {
    /// Column `o` holds the weights of output `o`.
    pub weight: Tensor<T, I, O>,
    /// One bias an output.
    pub bias: Tensor<T, BIASES, 1>,
}

impl<T: Scalar, const I: usize, const O: usize, const BIASES: usize> Affine<T, I, O, BIASES> {
    const HAS_BIAS: bool = {
        assert!(BIASES == O || BIASES == 0, "each output has a bias, or none has");
        BIASES > 0
    };

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

impl<T: Scalar, const I: usize, const O: usize, const BIASES: usize> Layer<T> for Affine<T, I, O, BIASES> {
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
            if Self::HAS_BIAS {
                RowSum { rows: d_output, sum: gradients.bias.as_mut_slice() }.run();
            }
        }
        if let Some(mut d_input) = d_input {
            let (rows, sums) = (self.weight.as_slice(), d_input.as_mut_slice());
            WeightedSums { rows, coefficients: d_output, sums, width: I }.run();
        }
    }
}

impl<T: Scalar, const I: usize, const O: usize, const BIASES: usize> Parameters for Affine<T, I, O, BIASES> {
    type Scalar = T;

    tensors!(weight: &[O, I], bias: &[BIASES]; absent if !Self::HAS_BIAS);
}

impl<T: Scalar, const I: usize, const O: usize, const BIASES: usize> Trainable for Affine<T, I, O, BIASES> {
    fn zeros() -> Self {
        Self { weight: Tensor::zeros(), bias: Tensor::zeros() }
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        let mut affine = Self::zeros();
        init.fill(affine.weight.as_mut_slice(), I, O, rng);
        affine
    }

    tensors_mut!(weight, bias);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Affine;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Parameters, Trainable};

    type Layer3To2 = Affine<f64, 3, 2>;
    type WithoutBias = Affine<f64, 3, 2, 0>;

    fn drawn<N: Trainable>() -> N {
        N::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(1))
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&drawn::<Layer3To2>(), &random(12, 2));
        check_parameters(&drawn::<Layer3To2>(), &random(12, 2));
        check_layer(&drawn::<WithoutBias>(), &random(12, 2));
        check_parameters(&drawn::<WithoutBias>(), &random(12, 2));
    }

    #[test]
    fn there_may_be_no_bias() {
        let (plain, with_bias) = (drawn::<WithoutBias>(), drawn::<Layer3To2>());
        assert_eq!(output(&plain, &random(12, 2)), output(&with_bias, &random(12, 2)));
        assert_eq!((WithoutBias::TENSORS, WithoutBias::COUNT), (1, 6));
        let info = WithoutBias::info(0);
        assert!(info.name == "weight" && info.dims == [2, 3] && WithoutBias::TENSORS == 1);
    }

    #[test]
    #[should_panic(expected = "a tensor was asked for that is 1 beyond the last")]
    fn a_bias_that_is_not_there_is_no_tensor() {
        let _ = drawn::<WithoutBias>().tensor_mut(1);
    }
}
