//! Layers that treat each scalar by itself: a file with the formulas is a whole layer.

use pulp::Simd;

use super::{
    Abs, Cos, Elu, Exp, Gelu, HardSigmoid, LeakyRelu, Ln, Relu, Sigmoid, Silu, Sin, Softplus, Sqrt, Square, Tanh,
};
use crate::kernel::{Formula, Functions, Vector};

/// A function of each scalar by itself, with its gradient.
pub(crate) trait Elementwise {
    /// The output for `input`.
    fn value<S: Simd, T: Functions>(&self, input: Vector<S, T>) -> Vector<S, T>;

    /// The gradient of the input, from input and output. Where the output says all that the input does, the macro may
    /// give it for both (`Fusion::Enters` in its catalogue).
    fn d_input<S: Simd, T: Functions>(&self, forward: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T>;
}

/// All of them; the shape of a sample does not matter to them.
#[derive(Clone, Copy, Debug)]
pub enum Activation {
    /// [`Abs`]
    Abs(Abs<()>),
    /// [`Cos`]
    Cos(Cos<()>),
    /// [`Elu`]
    Elu(Elu<()>),
    /// [`Exp`]
    Exp(Exp<()>),
    /// [`Gelu`]
    Gelu(Gelu<()>),
    /// [`HardSigmoid`]
    HardSigmoid(HardSigmoid<()>),
    /// [`LeakyRelu`]
    LeakyRelu(LeakyRelu<()>),
    /// [`Ln`]
    Ln(Ln<()>),
    /// [`Relu`]
    Relu(Relu<()>),
    /// [`Sigmoid`]
    Sigmoid(Sigmoid<()>),
    /// [`Silu`]
    Silu(Silu<()>),
    /// [`Sin`]
    Sin(Sin<()>),
    /// [`Softplus`]
    Softplus(Softplus<()>),
    /// [`Sqrt`]
    Sqrt(Sqrt<()>),
    /// [`Square`]
    Square(Square<()>),
    /// [`Tanh`]
    Tanh(Tanh<()>),
}

/// `$do` with `$function`, whichever `$activation` it is.
macro_rules! with_activation {
    ($activation:expr, $function:ident => $do:expr) => {
        match $activation {
            $crate::layer::Activation::Abs($function) => $do,
            $crate::layer::Activation::Cos($function) => $do,
            $crate::layer::Activation::Elu($function) => $do,
            $crate::layer::Activation::Exp($function) => $do,
            $crate::layer::Activation::Gelu($function) => $do,
            $crate::layer::Activation::HardSigmoid($function) => $do,
            $crate::layer::Activation::LeakyRelu($function) => $do,
            $crate::layer::Activation::Ln($function) => $do,
            $crate::layer::Activation::Relu($function) => $do,
            $crate::layer::Activation::Sigmoid($function) => $do,
            $crate::layer::Activation::Silu($function) => $do,
            $crate::layer::Activation::Sin($function) => $do,
            $crate::layer::Activation::Softplus($function) => $do,
            $crate::layer::Activation::Sqrt($function) => $do,
            $crate::layer::Activation::Square($function) => $do,
            $crate::layer::Activation::Tanh($function) => $do,
        }
    };
}
pub(crate) use with_activation;

/// A layer that is an [`Activation`].
pub trait IsActivation {
    /// Which.
    fn activation(&self) -> Activation;
}

/// Turns inputs into outputs.
#[derive(Clone, Copy)]
pub(crate) struct Value<F>(pub(crate) F);

/// Turns gradients of outputs into those of inputs, from inputs and outputs.
#[derive(Clone, Copy)]
pub(crate) struct DInput<F>(pub(crate) F);

impl<F: Elementwise, T: Functions> Formula<T, 0, 1> for Value<F> {
    #[inline(always)]
    fn apply<S: Simd>(&self, _: [Vector<S, T>; 0], [input]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.0.value(input)]
    }
}

impl<F: Elementwise, T: Functions> Formula<T, 2, 1> for DInput<F> {
    #[inline(always)]
    fn apply<S: Simd>(&self, forward: [Vector<S, T>; 2], [d_output]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.0.d_input(forward, d_output)]
    }
}

/// Makes an [`Elementwise`] type a layer over samples of its shape parameter, made by `new` from the fields that are named.
///
/// A blanket implementation would do the same, but then the compiler would explain that a type is no `Elementwise`
/// where the user forgot to implement `Layer`.
macro_rules! elementwise_layer {
    ($name:ident $(, $field:ident)*) => {
        impl<S> $crate::layer::IsActivation for $name<S> {
            fn activation(&self) -> $crate::layer::Activation {
                $crate::layer::Activation::$name($name::new($(self.$field),*))
            }
        }

        impl<T: $crate::Scalar, S: $crate::Shape> $crate::Layer<T> for $name<S> {
            type Input = S;
            type Output = S;

            fn forward(&self, input: $crate::Batch<'_, T, S>, mut output: $crate::BatchMut<'_, T, S>, _: &mut [T]) {
                output.as_mut_slice().copy_from_slice(input.as_slice());
                T::activate($crate::layer::IsActivation::activation(self), output.as_mut_slice());
            }

            fn backward(
                &self,
                forward: $crate::Forward<'_, T, S, S>,
                d_output: $crate::Batch<'_, T, S>,
                d_input: Option<$crate::BatchMut<'_, T, S>>,
                _: Option<&mut Self>,
                _: &mut [T],
            ) {
                let Some(mut d_input) = d_input else { return };
                let gradient = d_input.as_mut_slice();
                gradient.copy_from_slice(d_output.as_slice());
                let forward = [forward.input.as_slice(), forward.output.as_slice()];
                T::activation_gradient($crate::layer::IsActivation::activation(self), forward, gradient);
            }
        }
    };
}
pub(super) use elementwise_layer;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use crate::layer::{
        Abs, Cos, Elu, Exp, Gelu, HardSigmoid, LeakyRelu, Ln, Relu, Sigmoid, Silu, Sin, Softplus, Sqrt, Square, Tanh,
    };
    use crate::testing::{check_layer, d_input, output, random};
    use crate::{Layer, Rank1, Scalar};

    type S = Rank1<3>;

    /// Calls `$check` with every layer that grows no faster than its input.
    macro_rules! each_moderate {
        ($check:ident) => {
            $check(&Relu::<S>::new());
            $check(&LeakyRelu::<S>::new(0.1));
            $check(&Sigmoid::<S>::new());
            $check(&Tanh::<S>::new());
            $check(&Gelu::<S>::new());
            $check(&Silu::<S>::new());
            $check(&Softplus::<S>::new());
            $check(&Elu::<S>::new(0.5));
            $check(&HardSigmoid::<S>::new());
            $check(&Abs::<S>::new());
            $check(&Sin::<S>::new());
            $check(&Cos::<S>::new());
        };
    }

    /// Calls `$check` with every elementwise layer that takes any number.
    macro_rules! each {
        ($check:ident) => {
            each_moderate!($check);
            $check(&Exp::<S>::new());
            $check(&Square::<S>::new());
        };
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        fn check<L: Layer<f64>>(layer: &L) {
            check_layer(layer, &random(12, 1));
        }
        each!(check);
        let positive: Vec<f64> = random(12, 1).into_iter().map(|x| 0.1 + x * x).collect();
        check_layer(&Ln::<S>::new(), &positive);
        check_layer(&Sqrt::<S>::new(), &positive);
    }

    #[test]
    fn a_negative_number_has_no_logarithm_and_no_root() {
        let input = [-1.0, 0.0, f64::INFINITY];
        let (ln, sqrt) = (output(&Ln::<S>::new(), &input), output(&Sqrt::<S>::new(), &input));
        assert!(ln[0].is_nan() && sqrt[0].is_nan());
        assert_eq!((&ln[1..], &sqrt[1..]), (&[f64::NEG_INFINITY, f64::INFINITY][..], &[0.0, f64::INFINITY][..]));
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
        each_moderate!(check_both);
    }

    #[test]
    fn kinks_follow_the_stated_convention() {
        let ones = [1.0; 3];
        assert_eq!(d_input(&Relu::<S>::new(), &[0.0, -0.0, 1e-300], &ones), [0.0, 0.0, 1.0]);
        assert_eq!(d_input(&LeakyRelu::<S>::new(0.1), &[0.0, -0.0, 1e-300], &ones), [0.1, 0.1, 1.0]);
        assert_eq!(d_input(&Elu::<S>::new(0.5), &[0.0, -0.0, 1e-300], &ones), [0.5, 0.5, 1.0]);
        assert_eq!(d_input(&Abs::<S>::new(), &[0.0, -0.0, -1e-300], &ones), [0.0, 0.0, -1.0]);
        assert_eq!(d_input(&HardSigmoid::<S>::new(), &[-3.0, 3.0, 0.0], &ones), [0.0, 0.0, 1.0 / 6.0]);
    }
}
