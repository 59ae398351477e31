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
        let [output, d_output, cache, scratch] = Self::LENS.map(|len| Buffer::zeros(len * samples));
        Self { samples, output, d_output, cache, scratch, gradients: N::zeros() }
    }

    /// Scalars a sample of each buffer.
    const LENS: [usize; 4] = [N::Output::LEN, N::Output::LEN, N::CACHE, N::SCRATCH];

    /// The bytes that a workspace for `samples` samples takes on the heap, at most: all the memory that a training step
    /// needs beside the network, its optimizer and the batch.
    #[must_use]
    pub const fn bytes(samples: usize) -> usize {
        let [output, d_output, cache, scratch] = Self::LENS;
        let buffers = Buffer::<N::Scalar>::bytes((output + d_output + cache + scratch) * samples) + 3 * LINE;
        // Each tensor ends with a whole line.
        buffers + N::COUNT * size_of::<N::Scalar>() + N::TENSORS * LINE
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
