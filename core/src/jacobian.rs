//! The derivatives of the output of a network by its inputs.

use alloc::vec;
use alloc::vec::Vec;

use crate::input::{Input, InputSamples};
use crate::part::{self, Division};
use crate::run::{self, TILE};
use crate::step::Step;
use crate::{Mode, Network, Scalar, Shape, Tensor, Workspace};

/// The derivatives by all inputs of scalars, handed out in the order of the inputs.
#[derive(Debug)]
pub struct Jacobians<T> {
    /// Those of the first input, output after output, then those of the next.
    scalars: Vec<T>,
    taken: usize,
}

impl<T: Scalar> Jacobians<T> {
    /// Those of a prediction for one sample.
    ///
    /// # Panics
    /// If an index does not exist.
    #[track_caller]
    pub fn of<N: Network<Scalar = T>, const K: usize>(net: &N, inputs: &[InputSamples<'_, T>; K]) -> Self {
        let sample = run::slices(inputs);
        run::count::<N>(&sample);
        let outputs = N::Output::LEN;
        let mut scalars = vec![T::ZERO; outputs * part::input_scalars::<N>()];
        let mut workspace = Workspace::without_gradients(outputs.min(TILE), 1);
        for start in (0..outputs).step_by(TILE) {
            // The sample as often as there are outputs, and each time the derivative of another.
            let samples = TILE.min(outputs - start);
            let inputs = sample.map(|input| Repeated::new(input, samples));
            let inputs = inputs.each_ref().map(Repeated::input);
            let step = Step { net, inputs: &inputs, division: Division { samples, parts: 1 }, mode: Mode::Inference };
            step.forward(&mut workspace);
            let d_output = workspace.part(step.division).d_output;
            d_output.fill(T::ZERO);
            d_output
                .chunks_exact_mut(outputs)
                .enumerate()
                .for_each(|(sample, d_output)| d_output[start + sample] = T::ONE);
            let mut d_inputs = step.room();
            step.backward_inputs(&mut d_inputs, &mut workspace);
            let mut before = 0;
            for input in N::INPUTS.iter().filter(|input| input.indices.is_none()) {
                let len: usize = input.dims.iter().product();
                scalars[outputs * before + start * len..][..samples * len]
                    .copy_from_slice(&d_inputs[samples * before..][..samples * len]);
                before += len;
            }
        }
        Self { scalars, taken: 0 }
    }

    /// Of `O` outputs by the next input, of `I` scalars.
    ///
    /// # Panics
    /// If there are no more.
    pub fn take<const O: usize, const I: usize>(&mut self) -> Tensor<T, O, I> {
        let mut jacobian = Tensor::<T, O, I>::zeros();
        let scalars = &self.scalars[self.taken..][..O * I];
        for (output, scalars) in scalars.chunks_exact(I).enumerate() {
            for (to, &scalar) in jacobian.row_mut(output).iter_mut().zip(scalars) {
                *to = scalar;
            }
        }
        self.taken += O * I;
        jacobian
    }
}

/// One sample several times.
enum Repeated<T> {
    Scalars(Vec<T>),
    Indices(Vec<usize>),
}

impl<T: Scalar> Repeated<T> {
    fn new(input: Input<'_, T>, times: usize) -> Self {
        match input {
            Input::Scalars(sample) => Self::Scalars(sample.repeat(times)),
            Input::Indices(sample) => Self::Indices(sample.repeat(times)),
        }
    }

    fn input(&self) -> Input<'_, T> {
        match self {
            Self::Scalars(samples) => Input::Scalars(samples),
            Self::Indices(samples) => Input::Indices(samples),
        }
    }
}
