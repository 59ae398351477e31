//! How the weights of a fresh network are drawn.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::Scalar;

/// How initial weights are drawn: normally distributed with mean 0 and this standard deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// `√(2 / inputs)`, for weights that a rectifier follows (He et al. 2015, eq. 10).
    He,
    /// `√(2 / (inputs + outputs))`, for weights that a sigmoid, tanh or nothing follows (Glorot and Bengio 2010, eq. 12).
    Xavier,
    /// The same for every layer, such as the book's `0.01`.
    Normal {
        /// The standard deviation.
        std: f64,
    },
}

impl Init {
    /// This scheme if it is [`Normal`](Init::Normal), which holds for every layer; otherwise what `layer` needs.
    #[must_use]
    pub fn or(self, layer: Init) -> Init {
        match self {
            Init::Normal { .. } => self,
            Init::He | Init::Xavier => layer,
        }
    }

    /// Fills `weights`, of which each output has `inputs` and each input `outputs`.
    pub fn fill<T: Scalar, R: Rng + ?Sized>(self, weights: &mut [T], inputs: usize, outputs: usize, rng: &mut R) {
        let std = match self {
            Init::He => libm::sqrt(2.0 / inputs as f64),
            Init::Xavier => libm::sqrt(2.0 / (inputs + outputs) as f64),
            Init::Normal { std } => std,
        };
        for weight in weights {
            let normal: f64 = StandardNormal.sample(rng);
            *weight = T::nearest(std * normal);
        }
    }
}
