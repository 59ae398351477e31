use constgrad_kernels::{Formula, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::recurrent::{Cell, recurrent_layer};
use crate::activation::{Sigmoid, Tanh, activate};
use crate::{Scalar, Tensor};

/// Long short-term memory: a state of `H` scalars that goes from position to position, with gates that say what it keeps.
///
/// Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997, with the forget gate of Gers, Schmidhuber and Cummins, 2000. From
/// `state` and `cell` 0, at each position, with a part of `H` scalars of the weights for each of `i`, `f`, `g` and `o`:
///
/// - `i, f, o = sigmoid(weight_ihᵀ · input + bias_ih + weight_hhᵀ · state + bias_hh)`, and `g` the tanh of the same
/// - `cell = f · cell + i · g`, `state = o · tanh(cell)`, which is the output
///
/// # Shapes
/// - input `[L, D]`, output `[L, H]`; `weight_ih` `[D, FOUR]`, `weight_hh` `[H, FOUR]`, `bias_ih` and `bias_hh` `[FOUR]` with
///   `FOUR = 4 H`, in the order `i`, `f`, `g`, `o`
///
/// # Initial weights
/// - weights and biases evenly distributed between `-1 / √H` and `1 / √H`; drawn otherwise, biases are 0
///
/// # Gradients
/// - by back-propagation through all positions
#[derive(Clone, Debug, PartialEq)]
pub struct Lstm<T: Scalar, const L: usize, const D: usize, const H: usize, const FOUR: usize> {
    /// What the gates make of the input.
    pub weight_ih: Tensor<T, D, FOUR>,
    /// What the gates make of the state.
    pub weight_hh: Tensor<T, H, FOUR>,
    /// One bias a scalar of the gates.
    pub bias_ih: Tensor<T, FOUR, 1>,
    /// Another, as other libraries have it.
    pub bias_hh: Tensor<T, FOUR, 1>,
}

/// The memory goes along with the state.
struct LstmCell;

impl Cell<4, 4> for LstmCell {
    const CELLS: usize = 1;

    fn step<T: Scalar>(mut gates: [&mut [T]; 4], [_, cell_before]: [&[T]; 2], [state, cell]: [&mut [T]; 2]) {
        for (gate, scalars) in gates.iter_mut().enumerate() {
            if gate == 2 {
                activate(Tanh, scalars);
            } else {
                activate(Sigmoid, scalars);
            }
        }
        let [input, forget, new, out] = gates.map(|gate| &*gate);
        T::map(LstmStep, [input, forget, new, out, cell_before], [cell, state]);
    }

    fn gradient<T: Scalar>(
        gates: [&[T]; 4],
        [_, cell_before]: [&[T]; 2],
        [_, cell]: [&[T]; 2],
        d_state: &[T],
        d_cell: &mut [T],
        d_gates: [&mut [T]; 4],
    ) {
        let ([input, forget, new, out], [d_input, d_forget, d_new, d_out]) = (gates, d_gates);
        let read = [input, forget, new, out, cell_before, cell, d_state];
        T::map(LstmStepGradient, read, [d_cell, d_input, d_forget, d_new, d_out]);
    }
}

recurrent_layer!(Lstm, "`lstm`", LstmCell, 4, 4, FOUR);

/// The formula of a step: from the gates and the cell before, cell and state.
#[derive(Clone, Copy)]
struct LstmStep;

#[compiled]
impl Formula<5, 2> for LstmStep {
    fn apply<S: Simd, T: Real>(
        &self,
        [input, forget, new, out, before]: [Vector<S, T>; 5],
        _: [Vector<S, T>; 2],
    ) -> [Vector<S, T>; 2] {
        let cell = forget * before + input * new;
        [cell, out * cell.tanh()]
    }
}

/// The gradients of a step: of the cell before, from that of the cell after, and of what the gates are functions of.
#[derive(Clone, Copy)]
struct LstmStepGradient;

#[compiled]
impl Formula<7, 5> for LstmStepGradient {
    fn apply<S: Simd, T: Real>(
        &self,
        [input, forget, new, out, before, cell, d_state]: [Vector<S, T>; 7],
        [d_cell, ..]: [Vector<S, T>; 5],
    ) -> [Vector<S, T>; 5] {
        let tanh = cell.tanh();
        let d_cell = d_cell + d_state * out * (1.0 - tanh * tanh);
        let sigmoid = |d: Vector<S, T>, gate: Vector<S, T>| d * gate * (1.0 - gate);
        [
            d_cell * forget,
            sigmoid(d_cell * new, input),
            sigmoid(d_cell * before, forget),
            d_cell * input * (1.0 - new * new),
            sigmoid(d_state * tanh, out),
        ]
    }
}
