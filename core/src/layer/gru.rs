use constgrad_kernels::{Formula, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::recurrent::{Cell, recurrent_layer};
use crate::activation::{Sigmoid, activate};
use crate::{Scalar, Tensor};

/// Gated recurrent unit: a state of `H` scalars that goes from position to position, with gates that say what it keeps.
///
/// Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014, eq. 5 to 8, where `r` follows the product
/// as in `PyTorch`. From `state` 0, at each position, with a part of `H` scalars of the weights for each of `r`, `z` and `n`:
///
/// - `r, z = sigmoid(weight_ihᵀ · input + bias_ih + weight_hhᵀ · state + bias_hh)`
/// - `n = tanh(weight_ihᵀ · input + bias_ih + r · (weight_hhᵀ · state + bias_hh))`
/// - `state = (1 - z) · n + z · state`, which is the output
///
/// # Shapes
/// - input `[L, D]`, output `[L, H]`; `weight_ih` `[D, THREE]`, `weight_hh` `[H, THREE]`, `bias_ih` and `bias_hh` `[THREE]` with
///   `THREE = 3 H`, in the order `r`, `z`, `n`
///
/// # Initial weights
/// - weights and biases evenly distributed between `-1 / √H` and `1 / √H`; drawn otherwise, biases are 0
///
/// # Gradients
/// - by back-propagation through all positions
#[derive(Clone, Debug, PartialEq)]
pub struct Gru<T: Scalar, const L: usize, const D: usize, const H: usize, const THREE: usize> {
    /// What the gates make of the input.
    pub weight_ih: Tensor<T, D, THREE>,
    /// What the gates make of the state.
    pub weight_hh: Tensor<T, H, THREE>,
    /// One bias a scalar of the gates.
    pub bias_ih: Tensor<T, THREE, 1>,
    /// Another, which `r` scales for `n`.
    pub bias_hh: Tensor<T, THREE, 1>,
}

/// The fourth part is what `n` makes of the state: `r` scales it before it is added.
struct GruCell;

impl Cell<3, 4> for GruCell {
    fn step<T: Scalar>(
        [reset, update, new, product]: [&mut [T]; 4],
        [before, _]: [&[T]; 2],
        [state, _]: [&mut [T]; 2],
    ) {
        activate(Sigmoid, reset);
        activate(Sigmoid, update);
        T::map(GruStep, [reset, update, product, before], [new, state]);
    }

    fn gradient<T: Scalar>(
        parts: [&[T]; 4],
        [before, _]: [&[T]; 2],
        _: [&[T]; 2],
        d_state: &[T],
        carried: &mut [T],
        d_parts: [&mut [T]; 4],
    ) {
        let ([reset, update, new, product], [d_reset, d_update, d_new, d_product]) = (parts, d_parts);
        let read = [reset, update, new, product, before, d_state];
        T::map(GruStepGradient, read, [carried, d_reset, d_update, d_new, d_product]);
    }
}

recurrent_layer!(Gru, "`gru`", GruCell, 3, 4, THREE);

/// The formula of a step: from gates, product and the state before, and from what `n` makes of the input, `n` and state.
#[derive(Clone, Copy)]
struct GruStep;

#[compiled]
impl Formula<4, 2> for GruStep {
    fn apply<S: Simd, T: Real>(
        &self,
        [reset, update, product, before]: [Vector<S, T>; 4],
        [new, _]: [Vector<S, T>; 2],
    ) -> [Vector<S, T>; 2] {
        let new = (new + reset * product).tanh();
        [new, (1.0 - update) * new + update * before]
    }
}

/// The gradients of a step: what goes straight to the state before, and those of what the gates are functions of and of the
/// product.
#[derive(Clone, Copy)]
struct GruStepGradient;

#[compiled]
impl Formula<6, 5> for GruStepGradient {
    fn apply<S: Simd, T: Real>(
        &self,
        [reset, update, new, product, before, d_state]: [Vector<S, T>; 6],
        [carried, ..]: [Vector<S, T>; 5],
    ) -> [Vector<S, T>; 5] {
        let d_state = d_state + carried;
        let d_new = d_state * (1.0 - update) * (1.0 - new * new);
        let sigmoid = |d: Vector<S, T>, gate: Vector<S, T>| d * gate * (1.0 - gate);
        [
            d_state * update,
            sigmoid(d_new * product, reset),
            sigmoid(d_state * (before - new), update),
            d_new,
            d_new * reset,
        ]
    }
}
