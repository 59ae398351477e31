use super::recurrent::{Cell, recurrent_layer};
use crate::activation::{Tanh, activate, activation_gradient};
use crate::{Scalar, Tensor};

/// Recurrent network: a state of `H` scalars that goes from position to position.
///
/// Elman, "Finding Structure in Time", 1990, with tanh. From `state` 0, at each position:
///
/// - `state = tanh(weight_ihᵀ · input + bias_ih + weight_hhᵀ · state + bias_hh)`, which is the output
///
/// # Shapes
/// - input `[L, D]`, output `[L, H]`; `weight_ih` `[D, H]`, `weight_hh` `[H, H]`, `bias_ih` and `bias_hh` `[H]`
///
/// # Initial weights
/// - weights and biases evenly distributed between `-1 / √H` and `1 / √H`; drawn otherwise, biases are 0
///
/// # Gradients
/// - by back-propagation through all positions
#[derive(Clone, Debug, PartialEq)]
pub struct Rnn<T: Scalar, const L: usize, const D: usize, const H: usize> {
    /// What the next state has of the input.
    pub weight_ih: Tensor<T, D, H>,
    /// What it has of the state.
    pub weight_hh: Tensor<T, H, H>,
    /// One bias a scalar of the state.
    pub bias_ih: Tensor<T, H, 1>,
    /// Another, as other libraries have it.
    pub bias_hh: Tensor<T, H, 1>,
}

/// The one gate is the state.
struct RnnCell;

impl Cell<1, 1> for RnnCell {
    fn step<T: Scalar>([gate]: [&mut [T]; 1], _: [&[T]; 2], [state, _]: [&mut [T]; 2]) {
        activate(Tanh, gate);
        state.copy_from_slice(gate);
    }

    fn gradient<T: Scalar>(
        _: [&[T]; 1],
        _: [&[T]; 2],
        [state, _]: [&[T]; 2],
        d_state: &[T],
        _: &mut [T],
        [d_gate]: [&mut [T]; 1],
    ) {
        d_gate.copy_from_slice(d_state);
        // The gradient of tanh follows from its output alone.
        activation_gradient(Tanh, [state, state], d_gate);
    }
}

recurrent_layer!(Rnn, "`rnn`", RnnCell, 1, 1);
