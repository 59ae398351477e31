//! All buffers of a training step.

use crate::buffer::{Buffer, LINE};
use crate::{Network, Shape};

/// All buffers of a training step of the network `N`, allocated once for a batch size.
#[derive(Clone, Debug)]
pub struct Workspace<N: Network> {
    samples: usize,
    pub(crate) output: Buffer<N::Scalar>,
    pub(crate) d_output: Buffer<N::Scalar>,
    pub(crate) cache: Buffer<N::Scalar>,
    pub(crate) scratch: Buffer<N::Scalar>,
    pub(crate) gradients: N,
}

impl<N: Network> Workspace<N> {
    /// Buffers for batches of up to `samples` samples.
    #[must_use]
    pub fn new(samples: usize) -> Self {
        let [output, d_output, cache] =
            [N::Output::LEN, N::Output::LEN, N::CACHE].map(|len| Buffer::zeros(len * samples));
        let scratch = Buffer::zeros(Self::scratch(samples));
        Self { samples, output, d_output, cache, scratch, gradients: N::state() }
    }

    /// The scalars that a backward pass works in.
    pub(crate) const fn scratch(samples: usize) -> usize {
        N::SCRATCH * samples + N::SCRATCH_ONCE
    }

    /// The bytes that a workspace for `samples` samples takes on the heap, at most: all the memory that a training step
    /// needs beside the network, its optimizer and the batch.
    #[must_use]
    pub const fn bytes(samples: usize) -> usize {
        let scalars = (2 * N::Output::LEN + N::CACHE) * samples + Self::scratch(samples);
        let buffers = Buffer::<N::Scalar>::bytes(scalars) + 3 * LINE;
        // Each tensor ends with a whole line.
        buffers + N::TRAINED * size_of::<N::Scalar>() + N::TENSORS * LINE
    }

    /// The greatest batch size.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.samples
    }

    /// The gradients of the last step.
    #[must_use]
    pub fn gradients(&self) -> &N {
        &self.gradients
    }
}
