//! All buffers of a training step.

use alloc::vec::Vec;

use crate::buffer::{Buffer, LINE};
use crate::counted::Counted;
use crate::part::{self, Division, Part};
use crate::{Network, Shape, Trainable};

/// All buffers of a training step of the network `N`, allocated once for a batch size.
#[derive(Clone, Debug)]
pub struct Workspace<N: Network> {
    samples: usize,
    pub(crate) output: Buffer<N::Scalar>,
    pub(crate) d_output: Buffer<N::Scalar>,
    pub(crate) cache: Buffer<N::Scalar>,
    pub(crate) scratch: Buffer<N::Scalar>,
    /// One for each part of the batch; the first becomes the sum.
    pub(crate) gradients: Vec<N>,
}

impl<N: Network + Trainable> Workspace<N> {
    /// Buffers for batches of up to `samples` samples.
    #[must_use]
    pub fn new(samples: usize) -> Self {
        let parts = part::count::<N>(samples);
        Self { gradients: (0..parts).map(|_| N::state()).collect(), ..Self::without_gradients(samples, parts) }
    }
}

impl<N: Network> Workspace<N> {
    /// Buffers for gradients of inputs alone.
    pub(crate) fn without_gradients(samples: usize, parts: usize) -> Self {
        let [output, d_output, cache] =
            [N::Output::LEN, N::Output::LEN, N::CACHE].map(|len| Buffer::zeros(len * samples));
        let scratch = Buffer::zeros(Self::scratch(samples, parts));
        Self { samples, output, d_output, cache, scratch, gradients: Vec::new() }
    }

    /// The scalars that backward passes of so many parts work in.
    const fn scratch(samples: usize, parts: usize) -> usize {
        N::SCRATCH * samples + N::SCRATCH_ONCE * parts
    }

    /// The bytes that a workspace for `samples` samples takes on the heap, at most: all the memory that a training step
    /// needs beside the network, its optimizer and the batch.
    #[must_use]
    pub const fn bytes(samples: usize) -> usize {
        let parts = part::count::<N>(samples);
        let scalars = (2 * N::Output::LEN + N::CACHE) * samples + Self::scratch(samples, parts);
        let buffers = Buffer::<N::Scalar>::bytes(scalars) + 3 * LINE;
        // Each tensor ends with a whole line.
        let gradients = size_of::<N>() + N::TRAINED * size_of::<N::Scalar>() + N::TENSORS * LINE;
        buffers + parts * gradients
    }

    /// The greatest batch size.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// The gradients of the last step.
    #[must_use]
    pub fn gradients(&self) -> &N {
        &self.gradients[0]
    }

    /// The gradients of the last step, to be clipped, scaled or added to before an optimizer takes them.
    pub fn gradients_mut(&mut self) -> &mut N {
        &mut self.gradients[0]
    }

    /// The gradients of the last step, without the rest.
    pub(crate) fn into_gradients(mut self) -> N {
        self.gradients.swap_remove(0)
    }

    /// The buffers for a batch as it is divided.
    ///
    /// # Panics
    /// If the batch is greater than the workspace.
    #[track_caller]
    pub(crate) fn part(&mut self, division: Division) -> Part<'_, N> {
        let Division { samples, parts } = division;
        let room = self.samples;
        assert!(samples <= room, "a workspace for {} was given a batch of {samples}", Counted(room, "sample"));
        Part {
            output: &mut self.output.as_mut_slice()[..N::Output::LEN * samples],
            d_output: &mut self.d_output.as_mut_slice()[..N::Output::LEN * samples],
            cache: &mut self.cache.as_mut_slice()[..N::CACHE * samples],
            scratch: &mut self.scratch.as_mut_slice()[..Self::scratch(samples, parts)],
            gradients: self.gradients.get_mut(..parts).unwrap_or_default(),
            d_inputs: None,
            samples: 0..samples,
            of: division,
            parts: 0..parts,
        }
    }
}
