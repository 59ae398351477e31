use core::marker::PhantomData;

use rand::Rng;

use super::{Forward, Layer};
use crate::activation::{LeakyRelu, activate, activation_gradient};
use crate::formulas::NegativeProduct;
use crate::{Batch, BatchMut, Init, Parameters, Scalar, Shape, Tensor, Trainable, tensors, tensors_mut};

/// Parametric rectifier: `output = input` where `input > 0`, otherwise `weight · input`, with one weight that is learnt.
///
/// He et al., "Delving Deep into Rectifiers", 2015, eq. 1. The weight begins at 0.25.
///
/// # Shapes
/// - input and output any shape `S`, `weight` `[1]`
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise `weight · d_output`; `d_weight = Σ input · d_output` where `input <= 0`
#[derive(Clone, Debug, PartialEq)]
pub struct Prelu<T: Scalar, S> {
    /// The slope to the left of 0.
    pub weight: Tensor<T, 1, 1>,
    shape: PhantomData<S>,
}

impl<T: Scalar, S> Prelu<T, S> {
    fn activation(&self) -> LeakyRelu {
        LeakyRelu::new(self.weight[0].to_f64())
    }
}

impl<T: Scalar, S: Shape> Layer<T> for Prelu<T, S> {
    type Input = S;
    type Output = S;

    fn forward(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, _: &mut [T]) {
        output.as_mut_slice().copy_from_slice(input.as_slice());
        activate(self.activation(), output.as_mut_slice());
    }

    fn backward(
        &self,
        forward: Forward<'_, T, S, S>,
        d_output: Batch<'_, T, S>,
        d_input: Option<BatchMut<'_, T, S>>,
        gradients: Option<&mut Self>,
        _: &mut [T],
    ) {
        if let Some(gradients) = gradients {
            gradients.weight[0] = {
                let sum = T::sum(NegativeProduct, [forward.input.as_slice(), d_output.as_slice()]);
                T::nearest(sum)
            };
        }
        if let Some(mut d_input) = d_input {
            d_input.as_mut_slice().copy_from_slice(d_output.as_slice());
            let forward = [forward.input.as_slice(), forward.output.as_slice()];
            activation_gradient(self.activation(), forward, d_input.as_mut_slice());
        }
    }
}

impl<T: Scalar, S: Shape> Parameters for Prelu<T, S> {
    type Scalar = T;

    tensors!(weight: &[1]);
}

impl<T: Scalar, S: Shape> Trainable for Prelu<T, S> {
    fn zeros() -> Self {
        Self { weight: Tensor::zeros(), shape: PhantomData }
    }

    fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        let mut prelu = Self::zeros();
        prelu.weight.fill(T::nearest(0.25));
        prelu
    }

    tensors_mut!(weight);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Prelu;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Rank1, Trainable};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let prelu = Prelu::<f64, Rank1<5>>::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        check_layer(&prelu, &random(15, 2));
        check_parameters(&prelu, &random(15, 2));
        assert_eq!(output(&prelu, &[1.0, -1.0, 0.0, 8.0, -8.0]), [1.0, -0.25, 0.0, 8.0, -2.0]);
    }
}
