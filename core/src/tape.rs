//! What generated code is written in: values laid out one after the other in a buffer, in the order of computation.
//!
//! The forward pass appends to a [`Tape`]; the backward pass reads the same values back with a [`Replay`] and
//! collects the gradient of each value in a [`Slot`].

use crate::activation::{Activation, activate, activation_gradient};
use crate::formulas;
use crate::input::Input;
use crate::layer::Map;
use crate::network::Pass;
use crate::operator::{self, Binary};
use crate::{Batch, BatchMut, Forward, Layer, Mode, Network, Scalar, Shape, Trainable};

/// Appends the values of a forward pass to a buffer.
#[derive(Debug)]
pub struct Tape<'a, T> {
    rest: &'a mut [T],
    samples: usize,
    mode: Mode,
}

impl<'a, T: Scalar> Tape<'a, T> {
    /// A tape for `samples` samples on `buffer`.
    pub fn new(buffer: &'a mut [T], samples: usize, mode: Mode) -> Self {
        Self { rest: buffer, samples, mode }
    }

    /// Room for one value.
    pub fn value<S: Shape>(&mut self) -> BatchMut<'a, T, S> {
        BatchMut::new(self.take(S::LEN), self.samples)
    }

    /// Appends the output of `layer`.
    pub fn layer<L: Layer<T, X>, X>(&mut self, layer: &L, input: Batch<'_, X, L::Input>) -> Batch<'a, T, L::Output> {
        let mut output = self.value();
        self.last(layer, input, output.reborrow());
        output.into_batch()
    }

    /// Appends the output of `activation` after `layer`, computed together where [`is_fused`].
    pub fn activated<L: Layer<T, X>, X, A: Activation>(
        &mut self,
        layer: &L,
        input: Batch<'_, X, L::Input>,
        activation: &Map<A, L::Output>,
    ) -> Batch<'a, T, L::Output> {
        let activation = activation.activation();
        let mut output = self.value();
        let cache = self.take(L::CACHE);
        if const { is_fused::<T, X, L, A>() } {
            let mode = if L::RANDOM { self.mode.next() } else { self.mode };
            layer.forward_then(mode, input, output.reborrow(), cache, &|output| activate(activation, output));
            return output.into_batch();
        }
        let mut before = output;
        self.compute(layer, input, before.reborrow(), cache);
        self.mode.next();
        let mut output = self.value::<L::Output>();
        output.as_mut_slice().copy_from_slice(before.as_mut_slice());
        activate(activation, output.as_mut_slice());
        output.into_batch()
    }

    /// Writes the output of the last `layer` of a network to `output`.
    pub fn last<L: Layer<T, X>, X>(
        &mut self,
        layer: &L,
        input: Batch<'_, X, L::Input>,
        output: BatchMut<'_, T, L::Output>,
    ) {
        let cache = self.take(L::CACHE);
        self.compute(layer, input, output, cache);
    }

    fn compute<L: Layer<T, X>, X>(
        &mut self,
        layer: &L,
        input: Batch<'_, X, L::Input>,
        output: BatchMut<'_, T, L::Output>,
        cache: &mut [T],
    ) {
        match self.mode.next() {
            Mode::Inference => layer.forward(input, output, cache),
            Mode::Training(seed) => layer.train(input, output, cache, seed),
        }
    }

    /// Appends the output of `operator`.
    pub fn binary<S: Shape>(
        &mut self,
        operator: impl Binary<T>,
        left: Batch<'_, T, S>,
        right: Batch<'_, T, S>,
    ) -> Batch<'a, T, S> {
        let mut output = self.value();
        self.last_binary(operator, left, right, output.reborrow());
        output.into_batch()
    }

    /// Writes the output of the last `operator` of a network to `output`.
    pub fn last_binary<S: Shape>(
        &mut self,
        operator: impl Binary<T>,
        left: Batch<'_, T, S>,
        right: Batch<'_, T, S>,
        mut output: BatchMut<'_, T, S>,
    ) {
        operator.forward(left.as_slice(), right.as_slice(), output.as_mut_slice());
    }

    /// Appends the concatenation of `parts`, which have so many pieces a sample.
    pub fn concat<S: Shape>(&mut self, parts: &[&[T]], pieces: usize) -> Batch<'a, T, S> {
        let mut output = self.value();
        self.last_concat(parts, pieces, output.reborrow());
        output.into_batch()
    }

    /// Writes the concatenation of `parts`, the last operator of a network, to `output`.
    pub fn last_concat<S: Shape>(&mut self, parts: &[&[T]], pieces: usize, output: BatchMut<'_, T, S>) {
        operator::concat(parts, pieces, output);
    }

    /// Writes `value`, which a network returns as it is, to `output`.
    pub fn copy<S: Shape>(&mut self, value: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>) {
        output.as_mut_slice().copy_from_slice(value.as_slice());
    }

    fn take(&mut self, len: usize) -> &'a mut [T] {
        let (taken, rest) = core::mem::take(&mut self.rest).split_at_mut(len * self.samples);
        self.rest = rest;
        taken
    }
}

/// Reads back what a [`Tape`] holds, in the same order.
#[derive(Debug)]
pub struct Replay<'a, T> {
    rest: &'a [T],
    samples: usize,
    mode: Mode,
}

impl<'a, T: Scalar> Replay<'a, T> {
    /// Reads what a pass of this `mode` over `samples` samples wrote to `buffer`.
    #[must_use]
    pub fn new(buffer: &'a [T], samples: usize, mode: Mode) -> Self {
        Self { rest: buffer, samples, mode }
    }

    /// The next value.
    pub fn value<S: Shape>(&mut self) -> Batch<'a, T, S> {
        Batch::new(self.take(S::LEN), self.samples)
    }

    /// The forward pass of the next layer.
    pub fn layer<L: Layer<T, X>, X>(
        &mut self,
        _: &L,
        input: Batch<'a, X, L::Input>,
    ) -> Forward<'a, T, L::Input, L::Output, X> {
        let output = self.value();
        Forward { input, output, cache: self.take(L::CACHE), mode: self.mode }
    }

    /// The forward passes of the next layer and of the `activation` of its output.
    ///
    /// Where they are computed together, the output of the layer is that of the activation.
    pub fn activated<L: Layer<T, X>, X, A: Activation>(
        &mut self,
        _: &L,
        input: Batch<'a, X, L::Input>,
        _: &Map<A, L::Output>,
    ) -> Activated<'a, T, L::Input, L::Output, X> {
        let before = self.value();
        let cache = self.take(L::CACHE);
        let output = if const { is_fused::<T, X, L, A>() } { before } else { self.value() };
        Activated { layer: Forward { input, output: before, cache, mode: self.mode }, output }
    }

    /// The forward pass of the last layer of a network, which wrote to `output`.
    pub fn last<L: Layer<T, X>, X>(
        &mut self,
        _: &L,
        input: Batch<'a, X, L::Input>,
        output: Batch<'a, T, L::Output>,
    ) -> Forward<'a, T, L::Input, L::Output, X> {
        Forward { input, output, cache: self.take(L::CACHE), mode: self.mode }
    }

    fn take(&mut self, len: usize) -> &'a [T] {
        let (taken, rest) = self.rest.split_at(len * self.samples);
        self.rest = rest;
        taken
    }
}

/// Hands out room for the gradients of values.
#[derive(Debug)]
pub struct Slots<'a, T> {
    rest: &'a mut [T],
    d_inputs: Option<&'a mut [T]>,
    samples: usize,
}

impl<'a, T: Scalar> Slots<'a, T> {
    /// Gradients of inputs lie in `d_inputs`, in order, where somebody reads them; all others in `scratch`.
    pub fn new(scratch: &'a mut [T], d_inputs: Option<&'a mut [T]>, samples: usize) -> Self {
        Self { rest: scratch, d_inputs, samples }
    }

    /// For the next input, used once.
    pub fn input<S: Shape>(&mut self) -> Slot<'a, T> {
        let gradient = self.d_inputs.take().map(|d_inputs| {
            let (gradient, rest) = d_inputs.split_at_mut(S::LEN * self.samples);
            self.d_inputs = Some(rest);
            gradient
        });
        Slot { gradient, other: &mut [], written: false, samples: self.samples }
    }

    /// For the next input, used more than once.
    pub fn shared_input<S: Shape>(&mut self) -> Slot<'a, T> {
        Slot { other: self.take(S::LEN), ..self.input::<S>() }
    }

    /// For a value whose gradient nobody reads, such as indices.
    #[must_use]
    pub fn nothing(&self) -> Slot<'a, T> {
        Slot { gradient: None, other: &mut [], written: false, samples: self.samples }
    }

    /// For a value used once.
    pub fn value<S: Shape>(&mut self) -> Slot<'a, T> {
        Slot { gradient: Some(self.take(S::LEN)), other: &mut [], written: false, samples: self.samples }
    }

    /// For a value used more than once.
    pub fn shared_value<S: Shape>(&mut self) -> Slot<'a, T> {
        Slot { other: self.take(S::LEN), ..self.value::<S>() }
    }

    /// What is left, for the layers to work in, one after the other.
    #[must_use]
    pub fn scratch(self) -> &'a mut [T] {
        self.rest
    }

    fn take(&mut self, len: usize) -> &'a mut [T] {
        let (taken, rest) = core::mem::take(&mut self.rest).split_at_mut(len * self.samples);
        self.rest = rest;
        taken
    }
}

/// Where the gradient of one value is collected: each use of the value sends one, and they add up.
#[derive(Debug)]
pub struct Slot<'a, T> {
    /// Nothing where nobody reads the gradient.
    gradient: Option<&'a mut [T]>,
    /// Room for the gradient of a further use.
    other: &'a mut [T],
    written: bool,
    samples: usize,
}

impl<T: Scalar> Slot<'_, T> {
    /// The same, or one for a gradient that nobody reads.
    #[must_use]
    pub fn only_if(self, is_read: bool) -> Self {
        Self { gradient: self.gradient.filter(|_| is_read), ..self }
    }

    /// The sum of what was sent.
    ///
    /// # Panics
    /// If nobody reads this gradient.
    #[must_use]
    pub fn gradient<S: Shape>(&self) -> Batch<'_, T, S> {
        Batch::new(self.gradient.as_deref().expect("a gradient that is read has room"), self.samples)
    }

    /// From the use as the input of `layer`, whose parameter gradients go to `gradients`, unless it is frozen.
    pub fn layer<L: Layer<T, X>, X>(
        &mut self,
        layer: &L,
        forward: Forward<'_, T, L::Input, L::Output, X>,
        d_output: Batch<'_, T, L::Output>,
        gradients: Option<&mut L>,
        scratch: &mut [T],
    ) {
        let scratch = &mut scratch[..L::SCRATCH * self.samples + L::SCRATCH_ONCE];
        self.send(|d_input| layer.backward(forward, d_output, d_input, gradients, scratch));
    }

    /// From a use as the input of a `layer` that is applied more than once: what is in `gradients`, from its other
    /// applications, is kept in `scratch`, and added.
    pub fn layer_again<L: Layer<T, X> + Trainable<Scalar = T>, X>(
        &mut self,
        layer: &L,
        forward: Forward<'_, T, L::Input, L::Output, X>,
        d_output: Batch<'_, T, L::Output>,
        gradients: Option<&mut L>,
        scratch: &mut [T],
    ) {
        let Some(gradients) = gradients else { return self.layer(layer, forward, d_output, None, scratch) };
        let (kept, scratch) = scratch.split_at_mut(L::TRAINED);
        let mut rest = &mut kept[..];
        for tensor in 0..L::TENSORS {
            let gradient = gradients.tensor(tensor);
            let (kept, after) = rest.split_at_mut(gradient.len());
            kept.copy_from_slice(gradient);
            rest = after;
        }
        self.layer(layer, forward, d_output, Some(&mut *gradients), scratch);
        let mut rest = &kept[..];
        for tensor in 0..L::TENSORS {
            let gradient = gradients.tensor_mut(tensor);
            let (kept, after) = rest.split_at(gradient.len());
            formulas::add(kept, gradient);
            rest = after;
        }
    }

    /// Turns the gradient of the output of `activation`, which follows a layer, into that of the layer's output.
    ///
    /// # Panics
    /// If nobody reads this gradient.
    pub fn activated<I: Copy, S: Shape, X: Copy>(
        &mut self,
        activation: &Map<impl Activation, S>,
        forward: Activated<'_, T, I, S, X>,
    ) {
        let gradient = self.gradient.as_deref_mut().expect("a gradient that is read has room");
        let forward = [forward.layer.output.as_slice(), forward.output.as_slice()];
        activation_gradient(activation.activation(), forward, gradient);
    }

    /// From the use as the left operand of `operator`.
    pub fn left<S: Shape>(
        &mut self,
        operator: impl Binary<T>,
        left: Batch<'_, T, S>,
        right: Batch<'_, T, S>,
        d_output: Batch<'_, T, S>,
    ) {
        self.send::<S>(|d_left| {
            if let Some(mut d_left) = d_left {
                operator.d_left([left.as_slice(), right.as_slice()], d_output.as_slice(), d_left.as_mut_slice());
            }
        });
    }

    /// From the use as the right operand of `operator`.
    pub fn right<S: Shape>(
        &mut self,
        operator: impl Binary<T>,
        left: Batch<'_, T, S>,
        right: Batch<'_, T, S>,
        d_output: Batch<'_, T, S>,
    ) {
        self.send::<S>(|d_right| {
            if let Some(mut d_right) = d_right {
                operator.d_right([left.as_slice(), right.as_slice()], d_output.as_slice(), d_right.as_mut_slice());
            }
        });
    }

    /// From the use as a part, of shape `P`, of a concatenation in which `before` scalars a sample come before it, and which
    /// has so many `pieces` a sample.
    pub fn part<P: Shape, S: Shape>(&mut self, before: usize, pieces: usize, d_output: Batch<'_, T, S>) {
        self.send::<P>(|d_input| {
            if let Some(d_input) = d_input {
                operator::part(d_output, before / pieces, pieces, d_input);
            }
        });
    }

    /// From the use as the output of the network.
    pub fn copy<S: Shape>(&mut self, d_output: Batch<'_, T, S>) {
        self.send::<S>(|d_input| {
            if let Some(mut d_input) = d_input {
                d_input.as_mut_slice().copy_from_slice(d_output.as_slice());
            }
        });
    }

    /// Lets `write` fill the gradient of one use.
    pub(crate) fn send<S: Shape>(&mut self, write: impl FnOnce(Option<BatchMut<'_, T, S>>)) {
        let Some(gradient) = &mut self.gradient else { return write(None) };
        if self.written {
            write(Some(BatchMut::new(self.other, self.samples)));
            formulas::add(self.other, gradient);
        } else {
            write(Some(BatchMut::new(gradient, self.samples)));
            self.written = true;
        }
    }
}

/// The forward passes of a layer and of the activation of its output.
#[derive(Clone, Copy, Debug)]
pub struct Activated<'a, T, I, O, X> {
    /// That of the layer.
    pub layer: Forward<'a, T, I, O, X>,
    /// The output of the activation.
    pub output: Batch<'a, T, O>,
}

/// Whether the layer `L` and an activation `A` of its output are computed together, in which case they have one value.
const fn is_fused<T: Scalar, X, L: Layer<T, X>, A: Activation>() -> bool {
    kept_before(L::READS_OUTPUT, A::FROM_OUTPUT, 1) == 0
}

/// The scalars a sample of the output of a layer, `len` of them, that are kept besides those of an activation of it.
#[must_use]
pub const fn kept_before(reads_output: bool, from_output: bool, len: usize) -> usize {
    if !reads_output && from_output { 0 } else { len }
}

/// The backward pass of a network with one `input` as a layer of another.
pub fn layer_backward<T, N, I, O, X>(
    net: &N,
    input: Input<'_, T>,
    forward: Forward<'_, T, I, O, X>,
    d_output: Batch<'_, T, O>,
    d_input: Option<BatchMut<'_, T, I>>,
    gradients: Option<&mut N>,
    scratch: &mut [T],
) where
    T: Scalar,
    N: Network<Scalar = T>,
    I: Shape,
    O: Shape,
    X: Copy,
{
    let pass = Pass {
        inputs: &[input],
        output: forward.output.as_slice(),
        cache: forward.cache,
        d_output: d_output.as_slice(),
        scratch,
        samples: d_output.samples(),
        mode: forward.mode,
    };
    let mut d_input = d_input;
    net.backward_slices(pass, d_input.as_mut().map(BatchMut::as_mut_slice), gradients);
}

/// The sum of `lens`.
#[must_use]
pub const fn sum(lens: &[usize]) -> usize {
    let mut sum = 0;
    let mut index = 0;
    while index < lens.len() {
        sum += lens[index];
        index += 1;
    }
    sum
}

/// Whether one of `flags` is set.
#[must_use]
pub const fn any(flags: &[bool]) -> bool {
    let mut any = false;
    let mut index = 0;
    while index < flags.len() {
        any |= flags[index];
        index += 1;
    }
    any
}

/// The least of `lens`; where there are none, as great as can be.
#[must_use]
pub const fn min(lens: &[usize]) -> usize {
    let mut min = usize::MAX;
    let mut index = 0;
    while index < lens.len() {
        if lens[index] < min {
            min = lens[index];
        }
        index += 1;
    }
    min
}

/// The greatest of `lens`; 0 where there are none.
#[must_use]
pub const fn max(lens: &[usize]) -> usize {
    let mut max = 0;
    let mut index = 0;
    while index < lens.len() {
        if lens[index] > max {
            max = lens[index];
        }
        index += 1;
    }
    max
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::{Replay, Slots, Tape};
    use crate::operator::{Add, Mul, Sub};
    use crate::testing::{assert_close, central_differences, dot, random};
    use crate::{Batch, BatchMut, Mode, Rank1};

    const SAMPLES: usize = 3;

    type S = Rank1<2>;

    /// `let product = a * b; let sum = product + a; concat(sum, product - b, sum)`: inputs and values are used twice and more.
    fn forward(a: &[f64], b: &[f64], output: &mut [f64], cache: &mut [f64]) {
        let (a, b) = (Batch::<_, S>::new(a, SAMPLES), Batch::<_, S>::new(b, SAMPLES));
        let output = BatchMut::<_, Rank1<6>>::new(output, SAMPLES);
        let mut tape = Tape::new(cache, SAMPLES, Mode::Inference);
        let product = tape.binary(Mul, a, b);
        let sum = tape.binary(Add, product, a);
        let difference = tape.binary(Sub, product, b);
        tape.last_concat(&[sum.as_slice(), difference.as_slice(), sum.as_slice()], 1, output);
    }

    fn backward(a: &[f64], b: &[f64], cache: &[f64], d_output: &[f64], d_inputs: Option<&mut [f64]>) {
        let (a, b) = (Batch::<_, S>::new(a, SAMPLES), Batch::<_, S>::new(b, SAMPLES));
        let mut replay = Replay::new(cache, SAMPLES, Mode::Inference);
        let product = replay.value::<S>();
        let mut scratch = vec![f64::NAN; 14 * SAMPLES];
        let mut slots = Slots::new(&mut scratch, d_inputs, SAMPLES);
        let mut d_a = slots.shared_input::<S>();
        let mut d_b = slots.shared_input::<S>();
        let mut d_product = slots.shared_value::<S>();
        let mut d_sum = slots.shared_value::<S>();
        let mut d_difference = slots.value::<S>();
        let d_output = Batch::<_, Rank1<6>>::new(d_output, SAMPLES);
        d_sum.part::<S, _>(0, 1, d_output);
        d_difference.part::<S, _>(2, 1, d_output);
        d_sum.part::<S, _>(4, 1, d_output);
        d_product.left(Sub, product, b, d_difference.gradient());
        d_b.right(Sub, product, b, d_difference.gradient());
        d_product.left(Add, product, a, d_sum.gradient());
        d_a.right(Add, product, a, d_sum.gradient());
        d_a.left(Mul, a, b, d_product.gradient());
        d_b.right(Mul, a, b, d_product.gradient());
    }

    #[test]
    fn gradients_of_all_uses_add_up() {
        let (inputs, d_output) = (random(12, 1), random(18, 2));
        let run = |inputs: &[f64]| {
            let (mut output, mut cache) = (vec![f64::NAN; 18], vec![f64::NAN; 18]);
            forward(&inputs[..6], &inputs[6..], &mut output, &mut cache);
            (output, cache)
        };
        let mut d_inputs = vec![f64::NAN; 12];
        let (_, cache) = run(&inputs);
        backward(&inputs[..6], &inputs[6..], &cache, &d_output, Some(&mut d_inputs));
        assert_close(&d_inputs, &central_differences(&inputs, |inputs| dot(&d_output, &run(inputs).0)));
        backward(&inputs[..6], &inputs[6..], &cache, &d_output, None);
    }

    #[test]
    fn a_network_can_return_its_input() {
        let (value, d_output): (Vec<f64>, Vec<f64>) = (random(6, 1), random(6, 2));
        let (mut output, mut d_inputs) = ([f64::NAN; 6], [f64::NAN; 6]);
        let value = Batch::<_, S>::new(&value, SAMPLES);
        Tape::new(&mut [], SAMPLES, Mode::Inference).copy(value, BatchMut::new(&mut output, SAMPLES));
        let mut slots = Slots::new(&mut [], Some(&mut d_inputs), SAMPLES);
        slots.input::<S>().copy(Batch::<_, S>::new(&d_output, SAMPLES));
        assert_eq!((&output[..], &d_inputs[..]), (value.as_slice(), &d_output[..]));
    }
}
