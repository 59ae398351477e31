//! Activations: functions of each scalar by itself, with their gradients.
//!
//! One is a file with two formulas. [`Map`](crate::layer::Map) makes it a layer.

mod abs;
mod cos;
mod elu;
mod exp;
mod gelu;
mod hard_sigmoid;
mod leaky_relu;
mod ln;
mod relu;
mod sigmoid;
mod silu;
mod sin;
mod softplus;
mod sqrt;
mod square;
mod tanh;

pub use abs::Abs;
pub use cos::Cos;
pub use elu::Elu;
pub use exp::Exp;
pub use gelu::Gelu;
pub use hard_sigmoid::HardSigmoid;
pub use leaky_relu::LeakyRelu;
pub use ln::Ln;
pub use relu::Relu;
pub use sigmoid::Sigmoid;
pub use silu::Silu;
pub use sin::Sin;
pub use softplus::Softplus;
pub use sqrt::Sqrt;
pub use square::Square;
pub use tanh::Tanh;

use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};

/// A function of each scalar by itself, with its gradient.
///
/// Both are formulas on [`Vector`]s, written as if each were a number. The attribute [`compiled`](crate::compiled) compiles
/// them where they stand, for both scalar types and every instruction set: an activation of your own is as fast as those of
/// this crate, and computed together with the layer before it as they are.
///
/// ```
/// use constgrad::activation::Activation;
/// use constgrad::prelude::*;
/// use constgrad::{Real, Simd, Vector, compiled};
///
/// /// `x · σ(slope · x)`.
/// #[derive(Clone, Copy, Debug)]
/// pub struct Swish {
///     pub slope: f64,
/// }
///
/// #[compiled]
/// impl Activation for Swish {
///     fn value<S: Simd, T: Real>(&self, x: Vector<S, T>) -> Vector<S, T> {
///         x * (self.slope * x).sigmoid()
///     }
///
///     fn d_input<S: Simd, T: Real>(&self, [x, y]: [Vector<S, T>; 2], d: Vector<S, T>) -> Vector<S, T> {
///         let sigmoid = (self.slope * x).sigmoid();
///         d * (sigmoid + self.slope * y * (1.0 - sigmoid))
///     }
/// }
///
/// network! {
///     pub struct Swished(x: [4]) -> [2] {
///         x.affine(8).map(Swish { slope: 1.5 }).affine(2)
///     }
/// }
///
/// Swished::<f64>::grad_check_random(1).assert_ok();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an activation",
    label = "not an activation",
    note = "implement `constgrad::activation::Activation` for it, under the attribute `#[compiled]`"
)]
pub trait Activation: Copy + Send + Sync {
    /// Whether the gradient follows from the output alone. Then the input is not kept: a layer such as `affine` before it
    /// computes both together. [`d_input`](Self::d_input) gets the output in place of the input.
    const FROM_OUTPUT: bool = false;

    /// The output for `input`.
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T>;

    /// The gradient of the input, from input and output and the gradient of the output.
    fn d_input<S: Simd, T: Real>(&self, forward: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T>;

    /// Turns inputs into outputs. `#[compiled]` writes it.
    fn values_f32(self, scalars: &mut [f32]);

    /// Turns inputs into outputs. `#[compiled]` writes it.
    fn values_f64(self, scalars: &mut [f64]);

    /// Turns gradients of outputs into those of inputs. `#[compiled]` writes it.
    fn gradients_f32(self, forward: [&[f32]; 2], gradients: &mut [f32]);

    /// Turns gradients of outputs into those of inputs. `#[compiled]` writes it.
    fn gradients_f64(self, forward: [&[f64]; 2], gradients: &mut [f64]);

    #[doc(hidden)]
    #[inline(always)]
    fn values<T: Real>(self, scalars: &mut [T]) {
        Formula::map(Values(self), [], [scalars]);
    }

    #[doc(hidden)]
    #[inline(always)]
    fn gradients<T: Real>(self, forward: [&[T]; 2], gradients: &mut [T]) {
        Formula::map(Gradients(self), forward, [gradients]);
    }
}

/// Turns inputs of `activation` into its outputs.
pub(crate) fn activate<T: Precision>(activation: impl Activation, scalars: &mut [T]) {
    T::map(Values(activation), [], [scalars]);
}

/// Turns gradients of the outputs of `activation` into those of its inputs, from inputs and outputs.
pub(crate) fn activation_gradient<T: Precision>(activation: impl Activation, forward: [&[T]; 2], gradients: &mut [T]) {
    T::map(Gradients(activation), forward, [gradients]);
}

/// Turns inputs into outputs.
#[derive(Clone, Copy)]
struct Values<A>(A);

/// Turns gradients of outputs into those of inputs, from inputs and outputs.
#[derive(Clone, Copy)]
struct Gradients<A>(A);

impl<A: Activation> Formula<0, 1> for Values<A> {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, _: [Vector<S, T>; 0], [input]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.0.value(input)]
    }

    fn map_f32(self, _: [&[f32]; 0], [scalars]: [&mut [f32]; 1]) {
        self.0.values_f32(scalars);
    }

    fn map_f64(self, _: [&[f64]; 0], [scalars]: [&mut [f64]; 1]) {
        self.0.values_f64(scalars);
    }
}

impl<A: Activation> Formula<2, 1> for Gradients<A> {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, forward: [Vector<S, T>; 2], [d_output]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [self.0.d_input(forward, d_output)]
    }

    fn map_f32(self, forward: [&[f32]; 2], [gradients]: [&mut [f32]; 1]) {
        self.0.gradients_f32(forward, gradients);
    }

    fn map_f64(self, forward: [&[f64]; 2], [gradients]: [&mut [f64]; 1]) {
        self.0.gradients_f64(forward, gradients);
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::Activation;
    use super::{
        Abs, Cos, Elu, Exp, Gelu, HardSigmoid, LeakyRelu, Ln, Relu, Sigmoid, Silu, Sin, Softplus, Sqrt, Square, Tanh,
    };
    use crate::layer::Map;
    use crate::testing::{check_layer, d_input, output, random};
    use crate::{Layer, Rank1, Scalar};

    fn map<A: Activation>(activation: A) -> Map<A, Rank1<3>> {
        Map::new(activation)
    }

    /// Calls `$check` with every layer that grows no faster than its input.
    macro_rules! each_moderate {
        ($check:ident) => {
            $check(&map(Relu));
            $check(&map(LeakyRelu::new(0.1)));
            $check(&map(Sigmoid));
            $check(&map(Tanh));
            $check(&map(Gelu));
            $check(&map(Silu));
            $check(&map(Softplus));
            $check(&map(Elu::new(0.5)));
            $check(&map(HardSigmoid));
            $check(&map(Abs));
            $check(&map(Sin));
            $check(&map(Cos));
        };
    }

    /// Calls `$check` with every elementwise layer that takes any number.
    macro_rules! each {
        ($check:ident) => {
            each_moderate!($check);
            $check(&map(Exp));
            $check(&map(Square));
        };
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        fn check<L: Layer<f64>>(layer: &L) {
            check_layer(layer, &random(12, 1));
        }
        each!(check);
        let positive: Vec<f64> = random(12, 1).into_iter().map(|x| 0.1 + x * x).collect();
        check_layer(&map(Ln), &positive);
        check_layer(&map(Sqrt), &positive);
    }

    #[test]
    fn a_negative_number_has_no_logarithm_and_no_root() {
        let input = [-1.0, 0.0, f64::INFINITY];
        let (ln, sqrt) = (output(&map(Ln), &input), output(&map(Sqrt), &input));
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
        assert_eq!(d_input(&map(Relu), &[0.0, -0.0, 1e-300], &ones), [0.0, 0.0, 1.0]);
        assert_eq!(d_input(&map(LeakyRelu::new(0.1)), &[0.0, -0.0, 1e-300], &ones), [0.1, 0.1, 1.0]);
        assert_eq!(d_input(&map(Elu::new(0.5)), &[0.0, -0.0, 1e-300], &ones), [0.5, 0.5, 1.0]);
        assert_eq!(d_input(&map(Abs), &[0.0, -0.0, -1e-300], &ones), [0.0, 0.0, -1.0]);
        assert_eq!(d_input(&map(HardSigmoid), &[-3.0, 3.0, 0.0], &ones), [0.0, 0.0, 1.0 / 6.0]);
    }
}
