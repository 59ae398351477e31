//! Layers that treat each scalar by itself: a file with the formulas is a whole layer.

use super::Forward;
use crate::{Batch, BatchMut, Scalar, Shape};

/// A function of each scalar by itself, with its gradient.
pub(super) trait Elementwise<T> {
    /// The output for `input`.
    fn value(&self, input: T) -> T;

    /// The gradient of the input.
    fn d_input(&self, input: T, output: T, d_output: T) -> T;
}

/// Makes an [`Elementwise`] type a layer over samples of its shape parameter.
///
/// A blanket implementation would do the same, but then the compiler would explain that a type is no `Elementwise`
/// where the user forgot to implement `Layer`.
macro_rules! elementwise_layer {
    ($name:ident) => {
        impl<T: $crate::Scalar, S: $crate::Shape> $crate::Layer<T> for $name<S> {
            type Input = S;
            type Output = S;

            fn forward(&self, input: $crate::Batch<'_, T, S>, output: $crate::BatchMut<'_, T, S>, _: &mut [T]) {
                super::elementwise::forward(self, input, output);
            }

            fn backward(
                &self,
                forward: $crate::Forward<'_, T, S, S>,
                d_output: $crate::Batch<'_, T, S>,
                d_input: Option<$crate::BatchMut<'_, T, S>>,
                _: &mut Self,
                _: &mut [T],
            ) {
                if let Some(d_input) = d_input {
                    super::elementwise::backward(self, forward, d_output, d_input);
                }
            }
        }
    };
}
pub(super) use elementwise_layer;

pub(super) fn forward<T: Scalar, S: Shape>(
    function: &impl Elementwise<T>,
    input: Batch<'_, T, S>,
    mut output: BatchMut<'_, T, S>,
) {
    for (output, &input) in output.as_mut_slice().iter_mut().zip(input.as_slice()) {
        *output = function.value(input);
    }
}

pub(super) fn backward<T: Scalar, S: Shape>(
    function: &impl Elementwise<T>,
    forward: Forward<'_, T, S, S>,
    d_output: Batch<'_, T, S>,
    mut d_input: BatchMut<'_, T, S>,
) {
    let forward = forward.input.as_slice().iter().zip(forward.output.as_slice());
    let gradients = d_input.as_mut_slice().iter_mut().zip(d_output.as_slice());
    for ((d_input, &d_output), (&input, &output)) in gradients.zip(forward) {
        *d_input = function.d_input(input, output, d_output);
    }
}

#[cfg(test)]
mod tests {
    use crate::layer::{Gelu, LeakyRelu, Relu, Sigmoid, Silu, Softplus, Tanh};
    use crate::testing::{check_layer, d_input, output, random};
    use crate::{Layer, Rank1, Scalar};

    type S = Rank1<3>;

    /// Calls `$check` with every elementwise layer.
    macro_rules! each {
        ($check:ident) => {
            $check(&Relu::<S>::new());
            $check(&LeakyRelu::<S>::new(0.1));
            $check(&Sigmoid::<S>::new());
            $check(&Tanh::<S>::new());
            $check(&Gelu::<S>::new());
            $check(&Silu::<S>::new());
            $check(&Softplus::<S>::new());
        };
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        fn check<L: Layer<f64>>(layer: &L) {
            check_layer(layer, &random(12, 1));
        }
        each!(check);
    }

    #[test]
    fn nan_propagates() {
        fn check<L: Layer<f32>>(layer: &L) {
            let output = output(layer, &[f32::NAN, 1.0, -1.0]);
            assert!(output[0].is_nan() && output[1].is_finite() && output[2].is_finite(), "{output:?}");
        }
        each!(check);
    }

    #[test]
    fn large_inputs_stay_finite() {
        fn check<T: Scalar, L: Layer<T>>(layer: &L, max: T) {
            let input = [max, -max, T::nearest(1000.0)];
            let (output, d_input) = (output(layer, &input), d_input(layer, &input, &[T::ONE; 3]));
            assert!(output.iter().chain(&d_input).all(T::is_finite), "{output:?} {d_input:?}");
        }
        fn check_both<L: Layer<f32> + Layer<f64>>(layer: &L) {
            check(layer, f32::MAX);
            check(layer, f64::MAX);
        }
        each!(check_both);
    }

    #[test]
    fn kinks_follow_the_stated_convention() {
        let ones = [1.0; 3];
        assert_eq!(d_input(&Relu::<S>::new(), &[0.0, -0.0, 1e-300], &ones), [0.0, 0.0, 1.0]);
        assert_eq!(d_input(&LeakyRelu::<S>::new(0.1), &[0.0, -0.0, 1e-300], &ones), [0.1, 0.1, 1.0]);
    }
}
