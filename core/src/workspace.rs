//! All buffers of a training step.

use alloc::vec;
use alloc::vec::Vec;

use crate::{Network, Scalar, Shape};

/// All buffers of a training step of the network `N`, allocated once for a batch size.
#[derive(Clone, Debug)]
pub struct Workspace<N: Network> {
    samples: usize,
    pub(crate) output: Vec<N::Scalar>,
    pub(crate) d_output: Vec<N::Scalar>,
    pub(crate) cache: Vec<N::Scalar>,
    pub(crate) scratch: Vec<N::Scalar>,
    pub(crate) gradients: N,
}

impl<N: Network> Workspace<N> {
    /// Buffers for batches of up to `samples` samples.
    #[must_use]
    pub fn new(samples: usize) -> Self {
        let buffer = |len: usize| vec![N::Scalar::ZERO; len * samples];
        Self {
            samples,
            output: buffer(N::Output::LEN),
            d_output: buffer(N::Output::LEN),
            cache: buffer(N::CACHE),
            scratch: buffer(N::SCRATCH),
            gradients: N::zeros(),
        }
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
