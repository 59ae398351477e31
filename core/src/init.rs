//! How the weights of a fresh network are drawn.

use alloc::vec;

use constgrad_kernels::product::{Dots, WeightedSums};
use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};

use crate::Scalar;

/// How initial weights are drawn: each by itself with mean 0, or those of a tensor together.
///
/// In a declaration an option of each layer says it, `x.affine(50, init = orthogonal)`; for a whole network
/// [`Trainable::init_with`](crate::Trainable::init_with) does, and there anything but [`Default`](Init::Default) holds for
/// every layer that draws weights, whatever the declaration says. Biases are 0 then, and what is neither, such as the factors
/// of a normalisation, begins as its layer says.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Init {
    /// As the declaration says; where it says nothing, as suits the layer. Before `relu` and its kin, [`He`](Init::He) for
    /// `affine` and convolutions, otherwise [`Xavier`](Init::Xavier); what suits other layers, their documentation says.
    Default,
    /// Normally distributed, with the standard deviation `√(2 / inputs)`, for weights that a rectifier follows (He et al. 2015,
    /// eq. 10).
    He,
    /// Normally distributed, with the standard deviation `√(2 / (inputs + outputs))`, for weights that a sigmoid, tanh or nothing
    /// follows (Glorot and Bengio 2010, eq. 12).
    Xavier,
    /// Normally distributed, the same for every layer, such as the book's `0.01`.
    Normal {
        /// The standard deviation.
        std: f64,
    },
    /// Evenly distributed between `-bound` and `bound`.
    Uniform {
        /// How far from 0 a weight may be.
        bound: f64,
    },
    /// An orthogonal matrix, any as likely as any other, times `gain` (Saxe et al. 2014, section 3): the weights of each output
    /// have the length `gain` and are at right angles to those of all others; where there are more outputs than inputs, that
    /// holds for the weights of each input.
    ///
    /// The matrix is the whole tensor, its first dimension by all others, as in `PyTorch`: to a convolution the scalars of its
    /// window are inputs, and the gates of an `lstm` are outputs of one matrix.
    Orthogonal {
        /// How much longer it makes a vector.
        gain: f64,
    },
}

impl Init {
    /// This scheme or, where it is [`Default`](Init::Default), that of `layer`.
    #[must_use]
    pub fn or(self, layer: Init) -> Init {
        match self {
            Init::Default => layer,
            said => said,
        }
    }

    /// Fills `weights`, of which each output has `inputs`, which follow each other, and each input `outputs`; as
    /// [`Xavier`](Init::Xavier) says, where this is [`Default`](Init::Default).
    ///
    /// # Panics
    /// If the number of this scheme is not finite, or not more than 0.
    pub fn fill<T: Scalar, R: Rng + ?Sized>(self, weights: &mut [T], inputs: usize, outputs: usize, rng: &mut R) {
        self.fill_columns(weights, inputs, [inputs, outputs], rng);
    }

    /// The same, where what follows each other is `len` weights, the first dimension of the tensor: those of an input, perhaps.
    pub(crate) fn fill_columns<T: Scalar, R: Rng + ?Sized>(
        self,
        weights: &mut [T],
        len: usize,
        [inputs, outputs]: [usize; 2],
        rng: &mut R,
    ) {
        match self {
            Init::He => normal(weights, libm::sqrt(2.0 / inputs as f64), rng),
            Init::Default | Init::Xavier => normal(weights, libm::sqrt(2.0 / (inputs + outputs) as f64), rng),
            Init::Normal { std } => normal(weights, self.checked(std), rng),
            Init::Uniform { bound } => uniform(weights, self.checked(bound), rng),
            Init::Orthogonal { gain } => orthogonal(weights, len, self.checked(gain), rng),
        }
    }

    /// The number of the scheme.
    fn checked(self, number: f64) -> f64 {
        assert!(number.is_finite() && number > 0.0, "the number of `Init::{self:?}` is not more than 0, or not finite");
        number
    }
}

fn normal<T: Scalar, R: Rng + ?Sized>(weights: &mut [T], std: f64, rng: &mut R) {
    for weight in weights {
        let normal: f64 = StandardNormal.sample(rng);
        *weight = T::nearest(std * normal);
    }
}

/// Evenly between `-bound` and `bound`.
pub(crate) fn uniform<T: Scalar, R: Rng + ?Sized>(weights: &mut [T], bound: f64, rng: &mut R) {
    weights.fill_with(|| T::nearest(rng.random_range(-bound..bound)));
}

/// The vectors that are made orthogonal together, in products.
const TOGETHER: usize = 32;

/// Normally distributed vectors, made orthogonal in order: all directions of the first are alike, and of each later one all
/// that are left. They are the columns, of `rows` weights, unless there are more of these than rows.
fn orthogonal<T: Scalar, R: Rng + ?Sized>(weights: &mut [T], rows: usize, gain: f64, rng: &mut R) {
    let columns = weights.len() / rows;
    let (len, count) = (rows.max(columns), rows.min(columns));
    let mut vectors = vec![0.0; len * count];
    vectors.fill_with(|| StandardNormal.sample(rng));
    let mut room = vec![0.0; TOGETHER * (len + count)];
    for first in (0..count).step_by(TOGETHER) {
        let (before, rest) = vectors.split_at_mut(first * len);
        let some = &mut rest[..TOGETHER.min(count - first) * len];
        // What rounding leaves of the others after once is gone after twice.
        for _ in 0..2 {
            subtract_parts(before, some, len, &mut room);
            for index in 0..some.len() / len {
                let (before, rest) = some.split_at_mut(index * len);
                let vector = &mut rest[..len];
                subtract_parts(before, vector, len, &mut room);
                let norm = libm::sqrt(vector.iter().map(|x| x * x).sum());
                for x in vector {
                    *x /= norm;
                }
            }
        }
    }
    for (column, weights) in weights.chunks_exact_mut(rows).enumerate() {
        for (row, weight) in weights.iter_mut().enumerate() {
            let at = if columns <= rows { column * len + row } else { row * len + column };
            *weight = T::nearest(gain * vectors[at]);
        }
    }
}

/// Subtracts from each of `vectors`, of `len` scalars, its parts along the vectors `before`, which are orthogonal.
fn subtract_parts(before: &[f64], vectors: &mut [f64], len: usize, room: &mut [f64]) {
    let (parts, rest) = room.split_at_mut(before.len() / len * (vectors.len() / len));
    let sums = &mut rest[..vectors.len()];
    if before.is_empty() {
        return;
    }
    Dots { input: vectors, weight: before, bias: &[], epilogue: None, output: parts, inputs: len }.run();
    WeightedSums { rows: before, coefficients: parts, sums, width: len }.run();
    for (x, sum) in vectors.iter_mut().zip(sums) {
        *x -= *sum;
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Init;
    use crate::{Scalar, Tensor};

    fn drawn<T: Scalar, const R: usize, const C: usize>(init: Init) -> Tensor<T, R, C> {
        let mut weights = Tensor::<T, R, C>::zeros();
        init.fill(weights.as_mut_slice(), R, C, &mut SmallRng::seed_from_u64(1));
        weights
    }

    /// How far the smaller of `WᵀW` and `WWᵀ` is from `gain²` times the identity.
    fn error<T: Scalar, const R: usize, const C: usize>(gain: f64) -> f64 {
        let weights = drawn::<T, R, C>(Init::Orthogonal { gain });
        let weights = nalgebra::DMatrix::from_iterator(R, C, weights.iter().map(|weight| weight.to_f64()));
        let product = if R < C { &weights * weights.transpose() } else { weights.transpose() * &weights };
        let identity = nalgebra::DMatrix::identity(product.nrows(), product.ncols());
        (product - identity * gain * gain).abs().max()
    }

    #[test]
    fn an_orthogonal_matrix_times_itself_is_the_identity() {
        let errors = [
            error::<f64, 1, 1>(1.0),
            error::<f64, 5, 5>(0.5),
            error::<f64, 7, 3>(2.0),
            error::<f64, 3, 7>(2.0),
            error::<f64, 100, 100>(1.0),
            error::<f64, 130, 70>(1.0),
            error::<f64, 70, 130>(1.0),
            error::<f64, 400, 33>(1.0),
        ];
        assert!(errors.iter().all(|&error| error < 1e-13), "{errors:?}");
        assert!(error::<f32, 130, 70>(1.0) < 1e-6);
    }

    /// Over all orthogonal matrices of 2 x 2, the mean of each place and of the determinant is 0, and that of a square 1/2: signs
    /// that a decomposition chose for itself would show.
    #[test]
    fn no_orthogonal_matrix_is_likelier_than_another() {
        const COUNT: u16 = 4000;
        let mut rng = SmallRng::seed_from_u64(2);
        let (mut sums, mut squares, mut determinant) = ([0.0; 4], [0.0; 4], 0.0);
        for _ in 0..COUNT {
            let mut weights = Tensor::<f64, 2, 2>::zeros();
            Init::Orthogonal { gain: 1.0 }.fill(weights.as_mut_slice(), 2, 2, &mut rng);
            for (place, weight) in weights.iter().enumerate() {
                sums[place] += weight / f64::from(COUNT);
                squares[place] += weight * weight / f64::from(COUNT);
            }
            determinant += weights.determinant() / f64::from(COUNT);
        }
        // Five standard errors are 0.056, 0.028 and 0.079.
        assert!(sums.iter().all(|mean| mean.abs() < 0.056), "{sums:?}");
        assert!(squares.iter().all(|mean| (mean - 0.5).abs() < 0.028), "{squares:?}");
        assert!(determinant.abs() < 0.079, "{determinant}");
    }

    #[test]
    fn numbers_have_the_spread_that_is_stated() {
        let spread = |init| {
            let weights = drawn::<f32, 300, 200>(init);
            let mean_square = weights.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>() / 60_000.0;
            (mean_square.sqrt(), weights.iter().fold(0.0, |greatest: f32, x| greatest.max(x.abs())))
        };
        // Five standard errors of the deviation are 1.5 %.
        let close = |(found, _): (f64, f32), expected: f64| assert!((found / expected - 1.0).abs() < 0.015, "{found}");
        close(spread(Init::Normal { std: 0.3 }), 0.3);
        close(spread(Init::He), (2.0_f64 / 300.0).sqrt());
        close(spread(Init::Xavier), (2.0_f64 / 500.0).sqrt());
        assert_eq!(spread(Init::Default), spread(Init::Xavier));
        let even = spread(Init::Uniform { bound: 0.3 });
        close(even, 0.3 / 3.0_f64.sqrt());
        assert!(even.1 > 0.299 && even.1 <= 0.3);
    }

    #[test]
    #[should_panic(expected = "the number of `Init::Uniform { bound: -1.0 }` is not more than 0, or not finite")]
    fn a_bound_is_more_than_0() {
        let _ = drawn::<f32, 2, 2>(Init::Uniform { bound: -1.0 });
    }
}
