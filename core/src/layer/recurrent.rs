//! Layers with a state that goes from position to position: a file with what happens at a position is a whole layer.

use core::array;

use constgrad_kernels::product::{Dots, OuterSums, RowSum, WeightedSums};

use crate::{Scalar, formulas};

/// What a recurrent layer does at a position, for each scalar of a state: it has `GATES` gates, in `PARTS` slices.
///
/// A part more than gates is what the last gate makes of the state; otherwise that is added to what it makes of the input.
pub(super) trait Cell<const GATES: usize, const PARTS: usize> {
    /// 1 where another slice goes from position to position with the state, otherwise 0.
    const CELLS: usize = 0;

    /// Turns what the gates make of input and state into the gates, and writes state and cell, from those `before`.
    fn step<T: Scalar>(parts: [&mut [T]; PARTS], before: [&[T]; 2], after: [&mut [T]; 2]);

    /// The gradients of that, from that of the state: turns what is `carried` past the gates after the position into that
    /// before it, and writes the gradients of what the gates are functions of.
    fn gradient<T: Scalar>(
        parts: [&[T]; PARTS],
        before: [&[T]; 2],
        after: [&[T]; 2],
        d_state: &[T],
        carried: &mut [T],
        d_parts: [&mut [T]; PARTS],
    );

    /// The part with what a gate makes of the state.
    fn of_state(gate: usize) -> usize {
        if gate + 1 == GATES { PARTS - 1 } else { gate }
    }
}

/// The parameters of a recurrent layer, with the numbers of positions, of scalars of an input and of scalars of a state.
pub(super) struct Recurrent<'a, T> {
    pub(super) weight_ih: &'a [T],
    pub(super) weight_hh: &'a [T],
    pub(super) bias_ih: &'a [T],
    pub(super) bias_hh: &'a [T],
    pub(super) sizes: [usize; 3],
}

impl<'a, T: Scalar> Recurrent<'a, T> {
    /// Weight and bias of a gate, for the input.
    fn of_input(&self, gate: usize) -> [&'a [T]; 2] {
        let [_, inputs, width] = self.sizes;
        [&self.weight_ih[gate * inputs * width..][..inputs * width], &self.bias_ih[gate * width..][..width]]
    }

    /// Weight and bias of a gate, for the state.
    fn of_state(&self, gate: usize) -> [&'a [T]; 2] {
        let [_, _, width] = self.sizes;
        [&self.weight_hh[gate * width * width..][..width * width], &self.bias_hh[gate * width..][..width]]
    }

    pub(super) fn forward<C: Cell<GATES, PARTS>, const GATES: usize, const PARTS: usize>(
        &self,
        input: &[T],
        output: &mut [T],
        cache: &mut [T],
    ) {
        let [positions, inputs, width] = self.sizes;
        let step = output.len() / positions;
        if step == 0 {
            return;
        }
        let all = positions * step;
        let (by_positions, rest) = cache.split_at_mut(input.len());
        let (parts, rest) = rest.split_at_mut(PARTS * all);
        let (states, cells) = rest.split_at_mut(all + step);
        by_position(input, [positions, inputs], by_positions);
        for gate in 0..GATES {
            let [weight, bias] = self.of_input(gate);
            Dots { input: by_positions, weight, bias, epilogue: None, output: &mut parts[gate * all..][..all], inputs }
                .run();
        }
        states[..step].fill(T::ZERO);
        cells[..C::CELLS * step].fill(T::ZERO);
        for at in (0..all).step_by(step) {
            let (before, state) = states[at..][..2 * step].split_at_mut(step);
            let (cell_before, cell) = cells[C::CELLS * at..][..2 * C::CELLS * step].split_at_mut(C::CELLS * step);
            for gate in 0..GATES {
                let part = C::of_state(gate);
                let scalars = &mut parts[part * all + at..][..step];
                if part == gate {
                    // The state is not known yet: it is room for a product.
                    let [weight, bias] = self.of_state(gate);
                    Dots { input: before, weight, bias, epilogue: None, output: state, inputs: width }.run();
                    formulas::add(state, scalars);
                } else {
                    let [weight, bias] = self.of_state(gate);
                    Dots { input: before, weight, bias, epilogue: None, output: scalars, inputs: width }.run();
                }
            }
            C::step(at_mut(parts, all, [at, step]), [before, cell_before], [state, cell]);
        }
        by_sample(&states[step..], [positions, width], output);
    }

    /// Writes `gradients`, unless the layer is frozen: those of `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`.
    pub(super) fn backward<C: Cell<GATES, PARTS>, const GATES: usize, const PARTS: usize>(
        &self,
        cache: &[T],
        d_output: &[T],
        d_input: Option<&mut [T]>,
        gradients: Option<[&mut [T]; 4]>,
        scratch: &mut [T],
    ) {
        let [positions, inputs, width] = self.sizes;
        let step = d_output.len() / positions;
        if step == 0 {
            for gradient in gradients.into_iter().flatten() {
                gradient.fill(T::ZERO);
            }
            return;
        }
        let all = positions * step;
        let len = all / width * inputs;
        let (by_positions, rest) = cache.split_at(len);
        let (parts, rest) = rest.split_at(PARTS * all);
        let (states, cells) = rest.split_at(all + step);
        let (d_states, rest) = scratch.split_at_mut(all);
        let (d_parts, rest) = rest.split_at_mut(PARTS * all);
        let (d_inputs, rest) = rest.split_at_mut(2 * len);
        let (product, rest) = rest.split_at_mut(all);
        let (carried, d_state) = rest.split_at_mut(step);
        by_position(d_output, [positions, width], d_states);
        carried.fill(T::ZERO);
        for at in (0..all).step_by(step).rev() {
            let [before, after] =
                [at, at + step].map(|at| [&states[at..][..step], &cells[C::CELLS * at..][..C::CELLS * step]]);
            let of_position = array::from_fn(|part| &parts[part * all + at..][..step]);
            let d_of_position = at_mut(d_parts, all, [at, step]);
            C::gradient(of_position, before, after, &d_states[at..][..step], carried, d_of_position);
            for gate in 0..if at > 0 { GATES } else { 0 } {
                let d_part = &d_parts[C::of_state(gate) * all + at..][..step];
                WeightedSums { rows: self.of_state(gate)[0], coefficients: d_part, sums: &mut d_state[..step], width }
                    .run();
                formulas::add(&d_state[..step], &mut d_states[at - step..at]);
            }
        }
        if let Some([input_weights, state_weights, input_biases, state_biases]) = gradients {
            for gate in 0..GATES {
                let part = C::of_state(gate);
                let [d_of_input, d_of_state] = [gate, part].map(|part| &d_parts[part * all..][..all]);
                let d_weight = &mut input_weights[gate * inputs * width..][..inputs * width];
                OuterSums {
                    rows: by_positions,
                    coefficients: d_of_input,
                    sums: d_weight,
                    width: inputs,
                    scratch: product,
                }
                .run();
                let d_bias = &mut input_biases[gate * width..][..width];
                RowSum { rows: d_of_input, sum: d_bias }.run();
                let d_weight = &mut state_weights[gate * width * width..][..width * width];
                OuterSums { rows: &states[..all], coefficients: d_of_state, sums: d_weight, width, scratch: product }
                    .run();
                let d_state_bias = &mut state_biases[gate * width..][..width];
                if part == gate {
                    d_state_bias.copy_from_slice(d_bias);
                } else {
                    RowSum { rows: d_of_state, sum: d_state_bias }.run();
                }
            }
        }
        if let Some(d_input) = d_input {
            let (sum, of_gate) = d_inputs.split_at_mut(len);
            sum.fill(T::ZERO);
            for gate in 0..GATES {
                WeightedSums {
                    rows: self.of_input(gate)[0],
                    coefficients: &d_parts[gate * all..][..all],
                    sums: of_gate,
                    width: inputs,
                }
                .run();
                formulas::add(of_gate, sum);
            }
            by_sample(sum, [positions, inputs], d_input);
        }
    }
}

/// `len` scalars from `at` of each part of `all` scalars.
fn at_mut<T, const PARTS: usize>(parts: &mut [T], all: usize, [at, len]: [usize; 2]) -> [&mut [T]; PARTS] {
    let mut parts = parts.chunks_exact_mut(all);
    array::from_fn(|_| &mut parts.next().expect("there are so many parts")[at..][..len])
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

/// Makes a struct of `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh` the layer that a [`Cell`] describes; `$rows` is the
/// number of scalars of all gates, where there are several.
macro_rules! recurrent_layer {
    ($layer:ident, $name:literal, $cell:ty, $gates:literal, $parts:literal $(, $rows:ident)?) => {
        impl<T: $crate::Scalar, const L: usize, const D: usize, const H: usize $(, const $rows: usize)?>
            $layer<T, L, D, H $(, $rows)?>
        {
            fn recurrent(&self) -> $crate::layer::recurrent::Recurrent<'_, T> {
                $(const { assert!($rows == $gates * H, "each gate has as many scalars as a state") };)?
                $crate::layer::recurrent::Recurrent {
                    weight_ih: self.weight_ih.as_slice(),
                    weight_hh: self.weight_hh.as_slice(),
                    bias_ih: self.bias_ih.as_slice(),
                    bias_hh: self.bias_hh.as_slice(),
                    sizes: [L, D, H],
                }
            }
        }

        impl<T: $crate::Scalar, const L: usize, const D: usize, const H: usize $(, const $rows: usize)?>
            $crate::Layer<T> for $layer<T, L, D, H $(, $rows)?>
        {
            type Input = $crate::Rank2<L, D>;
            type Output = $crate::Rank2<L, H>;

            /// Inputs, parts, and states and cells, which begin with those of 0, all of it by position.
            const CACHE: usize = L * D
                + $parts * L * H
                + (1 + <$cell as $crate::layer::recurrent::Cell<$gates, $parts>>::CELLS) * (L + 1) * H;
            /// The gradients of states, parts and inputs; room for products; what is carried, and a state.
            const SCRATCH: usize = L * H + $parts * L * H + 2 * L * D + L * H + 2 * H;
            const MULTIPLY_ADDS: usize = L * $gates * H * (D + H);

            fn forward(
                &self,
                input: $crate::Batch<'_, T, Self::Input>,
                mut output: $crate::BatchMut<'_, T, Self::Output>,
                cache: &mut [T],
            ) {
                let recurrent = self.recurrent();
                recurrent.forward::<$cell, $gates, $parts>(input.as_slice(), output.as_mut_slice(), cache);
            }

            fn backward(
                &self,
                forward: $crate::Forward<'_, T, Self::Input, Self::Output>,
                d_output: $crate::Batch<'_, T, Self::Output>,
                mut d_input: Option<$crate::BatchMut<'_, T, Self::Input>>,
                gradients: Option<&mut Self>,
                scratch: &mut [T],
            ) {
                let d_input = d_input.as_mut().map($crate::BatchMut::as_mut_slice);
                let gradients = gradients.map(|gradients| {
                    [
                        gradients.weight_ih.as_mut_slice(),
                        gradients.weight_hh.as_mut_slice(),
                        gradients.bias_ih.as_mut_slice(),
                        gradients.bias_hh.as_mut_slice(),
                    ]
                });
                let d_output = d_output.as_slice();
                let recurrent = self.recurrent();
                recurrent.backward::<$cell, $gates, $parts>(forward.cache, d_output, d_input, gradients, scratch);
            }
        }

        impl<T: $crate::Scalar, const L: usize, const D: usize, const H: usize $(, const $rows: usize)?>
            $crate::Parameters for $layer<T, L, D, H $(, $rows)?>
        {
            type Scalar = T;

            $crate::tensors!(weight_ih as "weight_ih_l0": &[$gates * H, D], weight_hh as "weight_hh_l0": &[$gates * H, H],
                bias_ih as "bias_ih_l0": &[$gates * H], bias_hh as "bias_hh_l0": &[$gates * H]);
        }

        impl<T: $crate::Scalar, const L: usize, const D: usize, const H: usize $(, const $rows: usize)?>
            $crate::Trainable for $layer<T, L, D, H $(, $rows)?>
        {
            fn zeros() -> Self {
                Self {
                    weight_ih: $crate::Tensor::zeros(),
                    weight_hh: $crate::Tensor::zeros(),
                    bias_ih: $crate::Tensor::zeros(),
                    bias_hh: $crate::Tensor::zeros(),
                }
            }

            fn init_with<R: rand::Rng + ?Sized>(init: $crate::Init, rng: &mut R) -> Self {
                let mut layer = Self::zeros();
                if init == $crate::Init::Default {
                    let bound = 1.0 / libm::sqrt(H as f64);
                    for tensor in 0..<Self as $crate::Parameters>::TENSORS {
                        $crate::init::uniform(layer.tensor_mut(tensor), bound, rng);
                    }
                } else {
                    init.fill(layer.weight_ih.as_mut_slice(), D, H, rng);
                    init.fill(layer.weight_hh.as_mut_slice(), H, H, rng);
                }
                layer
            }

            $crate::tensors_mut!(weight_ih, weight_hh, bias_ih, bias_hh);
        }
    };
}
pub(super) use recurrent_layer;

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use crate::layer::{Gru, Lstm, Rnn};
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Layer, Trainable};

    /// Calls `$check` with every recurrent layer, drawn at random, from 4 positions of 3 scalars to states of 5.
    macro_rules! each {
        ($check:ident) => {
            $check(&drawn::<Rnn<f64, 4, 3, 5>>());
            $check(&drawn::<Lstm<f64, 4, 3, 5, 20>>());
            $check(&drawn::<Gru<f64, 4, 3, 5, 15>>());
        };
    }

    fn drawn<P: Trainable>() -> P {
        P::init_with(Init::Default, &mut SmallRng::seed_from_u64(1))
    }

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        fn check<L: Layer<f64> + Trainable<Scalar = f64>>(layer: &L) {
            check_layer(layer, &random(3 * 12, 2));
            check_parameters(layer, &random(3 * 12, 2));
            assert!(output(layer, &[]).is_empty());
        }
        each!(check);
    }

    #[test]
    fn a_position_does_not_see_those_after_it() {
        fn check<L: Layer<f64>>(layer: &L) {
            let mut input = random(2 * 12, 2);
            let before = output(layer, &input);
            input[6..12].fill(f64::NAN);
            let after = output(layer, &input);
            assert_eq!(before[..10], after[..10]);
            assert!(after[10..20].iter().all(|x| x.is_nan()));
            assert_eq!(before[20..], after[20..]);
        }
        each!(check);
    }
}
