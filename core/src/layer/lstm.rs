use alloc::string::String;
use core::array;

use pulp::Simd;
use rand::{Rng, RngExt};

use super::{Activation, Forward, Layer, Sigmoid, Tanh};
use crate::kernel::{Formula, Functions, Vector};
use crate::parameters::tensors;
use crate::{Batch, BatchMut, Init, Parameters, Rank2, Scalar, Tensor};

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

impl<T: Scalar, const L: usize, const D: usize, const H: usize, const FOUR: usize> Lstm<T, L, D, H, FOUR> {
    /// The gates: `i`, `f`, `g`, `o`.
    const GATES: usize = {
        assert!(FOUR == 4 * H, "there are four gates");
        4
    };

    /// Weight and bias of a gate, for the input.
    fn of_input(&self, gate: usize) -> [&[T]; 2] {
        [&self.weight_ih.as_slice()[gate * D * H..][..D * H], &self.bias_ih.as_slice()[gate * H..][..H]]
    }

    /// Weight and bias of a gate, for the state.
    fn of_state(&self, gate: usize) -> [&[T]; 2] {
        [&self.weight_hh.as_slice()[gate * H * H..][..H * H], &self.bias_hh.as_slice()[gate * H..][..H]]
    }
}

/// Puts the positions of all samples one after the other: all first positions, then all second ones.
fn by_position<T: Scalar>(by_sample: &[T], [positions, width]: [usize; 2], by_position: &mut [T]) {
    let samples = by_sample.len() / (positions * width);
    for (index, row) in by_position.chunks_exact_mut(width).enumerate() {
        let (position, sample) = (index / samples, index % samples);
        row.copy_from_slice(&by_sample[(sample * positions + position) * width..][..width]);
    }
}

/// The reverse of [`by_position`].
fn by_sample<T: Scalar>(by_position: &[T], [positions, width]: [usize; 2], by_sample: &mut [T]) {
    let samples = by_sample.len() / (positions * width);
    for (index, row) in by_sample.chunks_exact_mut(width).enumerate() {
        let (sample, position) = (index / positions, index % positions);
        row.copy_from_slice(&by_position[(position * samples + sample) * width..][..width]);
    }
}

/// What the forward pass keeps, all of it by position; states and cells begin with those of 0.
struct Kept<'a, T> {
    inputs: &'a [T],
    gates: [&'a [T]; 4],
    states: &'a [T],
    cells: &'a [T],
}

impl<T: Scalar, const L: usize, const D: usize, const H: usize, const FOUR: usize> Layer<T> for Lstm<T, L, D, H, FOUR> {
    type Input = Rank2<L, D>;
    type Output = Rank2<L, H>;

    const CACHE: usize = L * D + 4 * L * H + 2 * (L + 1) * H;
    /// The gradients of states, gates and inputs; room for products; a cell and a state.
    const SCRATCH: usize = L * H + 4 * L * H + 2 * L * D + L * H + 2 * H;
    const MULTIPLY_ADDS: usize = L * FOUR * (D + H);

    fn forward(&self, input: Batch<'_, T, Rank2<L, D>>, mut output: BatchMut<'_, T, Rank2<L, H>>, cache: &mut [T]) {
        let step = input.samples() * H;
        if step == 0 {
            return;
        }
        let (inputs, rest) = cache.split_at_mut(input.samples() * L * D);
        let (gates, rest) = rest.split_at_mut(Self::GATES * L * step);
        let (states, cells) = rest.split_at_mut((L + 1) * step);
        by_position(input.as_slice(), [L, D], inputs);
        for (gate, scalars) in gates.chunks_exact_mut(L * step).enumerate() {
            T::affine(inputs, self.of_input(gate), None, scalars, D);
        }
        states[..step].fill(T::ZERO);
        cells[..step].fill(T::ZERO);
        for position in 0..L {
            let (before, state) = states[position * step..][..2 * step].split_at_mut(step);
            let (cell_before, cell) = cells[position * step..][..2 * step].split_at_mut(step);
            for gate in 0..Self::GATES {
                let scalars = &mut gates[(gate * L + position) * step..][..step];
                // The state is not known yet: it is room for a product.
                T::affine(before, self.of_state(gate), None, state, H);
                T::axpy(T::ONE, state, scalars);
                let activation =
                    if gate == 2 { Activation::Tanh(Tanh::new()) } else { Activation::Sigmoid(Sigmoid::new()) };
                T::activate(activation, scalars);
            }
            let gates = array::from_fn(|gate| &gates[(gate * L + position) * step..][..step]);
            T::lstm(gates, cell_before, [cell, state]);
        }
        by_sample(&states[step..], [L, H], output.as_mut_slice());
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank2<L, D>, Rank2<L, H>>,
        d_output: Batch<'_, T, Rank2<L, H>>,
        d_input: Option<BatchMut<'_, T, Rank2<L, D>>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let samples = d_output.samples();
        let step = samples * H;
        if step == 0 {
            if let Some(gradients) = gradients {
                for tensor in 0..Self::TENSORS {
                    gradients.tensor_mut(tensor).fill(T::ZERO);
                }
            }
            return;
        }
        let kept = Kept::new(forward.cache, [samples, L, D, H]);
        let (d_states, rest) = scratch.split_at_mut(L * step);
        let (d_gates, rest) = rest.split_at_mut(Self::GATES * L * step);
        let (d_inputs, rest) = rest.split_at_mut(2 * L * D * samples);
        let (product, rest) = rest.split_at_mut(L * step);
        let (d_cell, d_state) = rest.split_at_mut(step);
        by_position(d_output.as_slice(), [L, H], d_states);
        d_cell.fill(T::ZERO);
        for position in (0..L).rev() {
            let at = position * step..(position + 1) * step;
            let gates = kept.gates.map(|gate| &gate[at.clone()]);
            let cells = [&kept.cells[at.clone()], &kept.cells[at.start + step..][..step]];
            let mut all = d_gates.chunks_exact_mut(L * step);
            let of_gates = array::from_fn(|_| &mut all.next().expect("there are four gates")[at.clone()]);
            T::lstm_gradient(gates, cells, &d_states[at.clone()], d_cell, of_gates);
            for gate in 0..if position > 0 { Self::GATES } else { 0 } {
                let d_gate = &d_gates[(gate * L + position) * step..][..step];
                T::affine_d_input(self.of_state(gate)[0], d_gate, &mut d_state[..step], H);
                T::axpy(T::ONE, &d_state[..step], &mut d_states[at.start - step..at.start]);
            }
        }
        if let Some(gradients) = gradients {
            for (gate, d_gate) in d_gates.chunks_exact(L * step).enumerate() {
                let d_weight = &mut gradients.weight_ih.as_mut_slice()[gate * D * H..][..D * H];
                T::affine_d_weight(kept.inputs, d_gate, d_weight, [D, H], product);
                let d_weight = &mut gradients.weight_hh.as_mut_slice()[gate * H * H..][..H * H];
                T::affine_d_weight(&kept.states[..L * step], d_gate, d_weight, [H, H], product);
                T::affine_d_bias(d_gate, &mut gradients.bias_ih.as_mut_slice()[gate * H..][..H]);
            }
            gradients.bias_hh.clone_from(&gradients.bias_ih);
        }
        if let Some(mut d_input) = d_input {
            let (sum, of_gate) = d_inputs.split_at_mut(L * D * samples);
            sum.fill(T::ZERO);
            for (gate, d_gate) in d_gates.chunks_exact(L * step).enumerate() {
                T::affine_d_input(self.of_input(gate)[0], d_gate, of_gate, D);
                T::axpy(T::ONE, of_gate, sum);
            }
            by_sample(sum, [L, D], d_input.as_mut_slice());
        }
    }
}

impl<'a, T> Kept<'a, T> {
    fn new(cache: &'a [T], [samples, positions, inputs, width]: [usize; 4]) -> Self {
        let step = samples * width;
        let (inputs, rest) = cache.split_at(samples * positions * inputs);
        let (gates, rest) = rest.split_at(4 * positions * step);
        let (states, cells) = rest.split_at((positions + 1) * step);
        let gates = array::from_fn(|gate| &gates[gate * positions * step..][..positions * step]);
        Self { inputs, gates, states, cells }
    }
}

/// The formula of a step: from the gates and the cell before, cell and state.
#[derive(Clone, Copy)]
pub(crate) struct Step;

impl<T: Functions> Formula<T, 5, 2> for Step {
    #[inline(always)]
    fn apply<S: Simd>(
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
pub(crate) struct StepGradient;

impl<T: Functions> Formula<T, 7, 5> for StepGradient {
    #[inline(always)]
    fn apply<S: Simd>(
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

impl<T: Scalar, const L: usize, const D: usize, const H: usize, const FOUR: usize> Parameters
    for Lstm<T, L, D, H, FOUR>
{
    type Scalar = T;

    const COUNT: usize = FOUR * (D + H + 2);

    fn zeros() -> Self {
        Self {
            weight_ih: Tensor::zeros(),
            weight_hh: Tensor::zeros(),
            bias_ih: Tensor::zeros(),
            bias_hh: Tensor::zeros(),
        }
    }

    /// Unless `init` says otherwise, all parameters are drawn evenly between `-1 / √H` and `1 / √H`.
    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        let mut lstm = Self::zeros();
        if let Init::Normal { .. } = init {
            init.fill(lstm.weight_ih.as_mut_slice(), D, FOUR, rng);
            init.fill(lstm.weight_hh.as_mut_slice(), H, FOUR, rng);
            return lstm;
        }
        let bound = 1.0 / libm::sqrt(H as f64);
        for tensor in 0..Self::TENSORS {
            for parameter in lstm.tensor_mut(tensor) {
                *parameter = T::nearest(rng.random_range(-bound..bound));
            }
        }
        lstm
    }

    tensors!("`lstm`": weight_ih &[FOUR, D], weight_hh &[FOUR, H], bias_ih &[FOUR], bias_hh &[FOUR]);
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Lstm;
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Parameters};

    type Layer = Lstm<f64, 4, 3, 5, 20>;

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let lstm = Layer::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        check_layer(&lstm, &random(3 * 12, 2));
        check_parameters(&lstm, &random(3 * 12, 2));
        assert!(output(&lstm, &[]).is_empty());
    }

    #[test]
    fn a_position_does_not_see_those_after_it() {
        let lstm = Layer::init_with(Init::He, &mut SmallRng::seed_from_u64(1));
        let mut input = random(2 * 12, 2);
        let before = output(&lstm, &input);
        input[6..12].fill(f64::NAN);
        let after = output(&lstm, &input);
        assert_eq!(before[..10], after[..10]);
        assert!(after[10..20].iter().all(|x| x.is_nan()));
        assert_eq!(before[20..], after[20..]);
    }
}
