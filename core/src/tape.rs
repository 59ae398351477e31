//! What generated code is written in: values laid out one after the other in a buffer, in the order of computation.
//!
//! The forward pass appends to a [`Tape`]; the backward pass reads the same values back with a [`Replay`] and
//! collects the gradient of each value in a [`Slot`].

use crate::network::Pass;
use crate::{Batch, BatchMut, Forward, Layer, Network, Scalar, Shape};

/// Appends the values of a forward pass to a buffer.
#[derive(Debug)]
pub struct Tape<'a, T> {
    rest: &'a mut [T],
    samples: usize,
}

impl<'a, T: Scalar> Tape<'a, T> {
    /// A tape for `samples` samples on `buffer`.
    pub fn new(buffer: &'a mut [T], samples: usize) -> Self {
        Self { rest: buffer, samples }
    }

    /// Room for one value.
    pub fn value<S: Shape>(&mut self) -> BatchMut<'a, T, S> {
        BatchMut::new(self.take(S::LEN), self.samples)
    }

    /// Appends the output of `layer`.
    pub fn layer<L: Layer<T>>(&mut self, layer: &L, input: Batch<'_, T, L::Input>) -> Batch<'a, T, L::Output> {
        let mut output = self.value();
        self.last(layer, input, output.reborrow());
        output.into_batch()
    }

    /// Writes the output of the last `layer` of a network to `output`.
    pub fn last<L: Layer<T>>(&mut self, layer: &L, input: Batch<'_, T, L::Input>, output: BatchMut<'_, T, L::Output>) {
        let cache = self.take(L::CACHE);
        layer.forward(input, output, cache);
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
}

impl<'a, T: Scalar> Replay<'a, T> {
    /// Reads `samples` samples from `buffer`.
    #[must_use]
    pub fn new(buffer: &'a [T], samples: usize) -> Self {
        Self { rest: buffer, samples }
    }

    /// The next value.
    pub fn value<S: Shape>(&mut self) -> Batch<'a, T, S> {
        Batch::new(self.take(S::LEN), self.samples)
    }

    /// The forward pass of the next layer.
    pub fn layer<L: Layer<T>>(&mut self, _: &L, input: Batch<'a, T, L::Input>) -> Forward<'a, T, L::Input, L::Output> {
        let output = self.value();
        Forward { input, output, cache: self.take(L::CACHE) }
    }

    /// The forward pass of the last layer of a network, which wrote to `output`.
    pub fn last<L: Layer<T>>(
        &mut self,
        _: &L,
        input: Batch<'a, T, L::Input>,
        output: Batch<'a, T, L::Output>,
    ) -> Forward<'a, T, L::Input, L::Output> {
        Forward { input, output, cache: self.take(L::CACHE) }
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
    /// The sum of what was sent.
    ///
    /// # Panics
    /// If nobody reads this gradient.
    #[must_use]
    pub fn gradient<S: Shape>(&self) -> Batch<'_, T, S> {
        Batch::new(self.gradient.as_deref().expect("a gradient that is read has room"), self.samples)
    }

    /// From the use as the input of `layer`, whose parameter gradients go to `gradients`.
    pub fn layer<L: Layer<T>>(
        &mut self,
        layer: &L,
        forward: Forward<'_, T, L::Input, L::Output>,
        d_output: Batch<'_, T, L::Output>,
        gradients: &mut L,
        scratch: &mut [T],
    ) {
        let scratch = &mut scratch[..L::SCRATCH * self.samples];
        self.send(|d_input| layer.backward(forward, d_output, d_input, gradients, scratch));
    }

    /// From the use as the input of `layer`, which has no parameters.
    pub fn function<L: Layer<T>>(
        &mut self,
        layer: &L,
        forward: Forward<'_, T, L::Input, L::Output>,
        d_output: Batch<'_, T, L::Output>,
        scratch: &mut [T],
    ) {
        self.layer(layer, forward, d_output, &mut layer.clone(), scratch);
    }

    /// Lets `write` fill the gradient of one use.
    pub(crate) fn send<S: Shape>(&mut self, write: impl FnOnce(Option<BatchMut<'_, T, S>>)) {
        let Some(gradient) = &mut self.gradient else { return write(None) };
        if self.written {
            write(Some(BatchMut::new(self.other, self.samples)));
            T::axpy(T::ONE, self.other, gradient);
        } else {
            write(Some(BatchMut::new(gradient, self.samples)));
            self.written = true;
        }
    }
}

/// The backward pass of a network with one input as a layer of another.
pub fn layer_backward<T, N, I, O>(
    net: &N,
    forward: Forward<'_, T, I, O>,
    d_output: Batch<'_, T, O>,
    d_input: Option<BatchMut<'_, T, I>>,
    gradients: &mut N,
    scratch: &mut [T],
) where
    T: Scalar,
    N: Network<Scalar = T>,
    I: Shape,
    O: Shape,
{
    let pass = Pass {
        inputs: &[forward.input.as_slice()],
        output: forward.output.as_slice(),
        cache: forward.cache,
        d_output: d_output.as_slice(),
        scratch,
        samples: d_output.samples(),
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
