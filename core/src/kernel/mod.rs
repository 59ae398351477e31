//! The inner loops: run-time sizes, slices of contiguous samples, compiled once for `f32` and once for `f64`.
//!
//! Everything that is worth a vector instruction goes through [`Kernel`]; nothing above knows how it is done. Each product is
//! one `pulp::WithSimd`, compiled for every instruction set that may be there and chosen at run time. The same input
//! gives the same bits on the same machine. Speeds in comments were measured on one Zen 5 core, in `f32`.

#![expect(clippy::inline_always, reason = "what is not inlined loses the instruction set it is compiled for")]

/// A loop over `0..$n`, at most 8, written out: LLVM leaves the sums of a tile in memory where it keeps a loop over them
/// (33 instead of 230 GFLOP/s).
macro_rules! unroll {
    ($i:ident < $n:ident, $body:block) => {
        unroll!($i < $n, $body, 0 1 2 3 4 5 6 7)
    };
    ($i:ident < $n:ident, $body:block, $($index:literal)*) => {
        $(
            let $i = $index;
            if $i < $n $body
        )*
    };
}

mod dots;
mod formulas;
mod functions;
mod lanes;
mod map;
mod row_sum;
mod split;
mod sums;
#[cfg(test)]
mod tests;
mod vector;

use nalgebra::{Dim, Matrix, RawStorage};
use pulp::Arch;

pub(crate) use functions::Functions;
pub(crate) use map::Formula;
pub(crate) use vector::Vector;

use dots::Dots;
use formulas::{Axpy, Exp, Multiply};
use map::Map;
use row_sum::RowSum;
use sums::Sums;

use crate::layer::{self, Activation};
use crate::loss::{self, BinaryCrossEntropyWithLogits, Huber, MeanSquaredError};
use crate::target::Target;

/// The inner loops of one scalar type.
///
/// `input` and `output` hold samples of `inputs` and `outputs` scalars; `weight` holds `outputs` columns of `inputs`.
pub trait Kernel: Sized {
    /// `output = activation(weightᵀ · input + bias)`, each sample.
    fn affine(input: &[Self], weight: &[Self], bias: &[Self], activation: Option<Activation>, output: &mut [Self]);
    /// `d_weight = Σ input · d_outputᵀ` over the samples.
    ///
    /// Works in `scratch`, which is as long as `d_output`.
    fn affine_d_weight(
        input: &[Self],
        d_output: &[Self],
        d_weight: &mut [Self],
        sizes: [usize; 2],
        scratch: &mut [Self],
    );
    /// `d_bias = Σ d_output` over the samples.
    fn affine_d_bias(d_output: &[Self], d_bias: &mut [Self]);
    /// `d_input = weight · d_output`, each sample.
    fn affine_d_input(weight: &[Self], d_output: &[Self], d_input: &mut [Self], inputs: usize);
    /// `y += a · x`.
    fn axpy(a: Self, x: &[Self], y: &mut [Self]);
    /// `product = a · b`, scalar by scalar.
    fn multiply(a: &[Self], b: &[Self], product: &mut [Self]);
    /// `x = e^x`.
    fn powers(x: &mut [Self]);
    /// Turns inputs of `activation` into its outputs.
    fn activate(activation: Activation, scalars: &mut [Self]);
    /// Turns gradients of the outputs of `activation` into those of its inputs, from inputs and outputs.
    fn activation_gradient(activation: Activation, forward: [&[Self]; 2], gradient: &mut [Self]);

    /// The softmax of each sample of `rows` scores.
    fn softmax(scores: &[Self], rows: usize, output: &mut [Self]);
    /// The gradient of the scores, from the softmax and its gradient.
    fn softmax_gradient(output: &[Self], d_output: &[Self], rows: usize, d_scores: &mut [Self]);
    /// As [`Loss::evaluate`](crate::loss::Loss::evaluate).
    fn softmax_cross_entropy(
        scores: &[Self],
        target: &Target<'_, Self>,
        rows: usize,
        d_scores: Option<&mut [Self]>,
    ) -> Self
    where
        Self: crate::Scalar;
    /// As [`Loss::evaluate`](crate::loss::Loss::evaluate).
    fn mean_squared_error(
        loss: &MeanSquaredError,
        scores: &[Self],
        target: &[Self],
        rows: usize,
        d_scores: Option<&mut [Self]>,
    ) -> Self;
    /// As [`Loss::evaluate`](crate::loss::Loss::evaluate).
    fn huber(loss: &Huber, scores: &[Self], target: &[Self], rows: usize, d_scores: Option<&mut [Self]>) -> Self;
    /// As [`Loss::evaluate`](crate::loss::Loss::evaluate).
    fn binary_cross_entropy(
        loss: &BinaryCrossEntropyWithLogits,
        scores: &[Self],
        target: &[Self],
        rows: usize,
        d_scores: Option<&mut [Self]>,
    ) -> Self;
}

macro_rules! kernel {
    ($($t:ty),*) => {$(
        impl Kernel for $t {
            fn affine(
                input: &[Self],
                weight: &[Self],
                bias: &[Self],
                activation: Option<Activation>,
                output: &mut [Self],
            ) {
                split::run(Dots { input, weight, bias, activation, output });
            }
            fn affine_d_weight(
                input: &[Self],
                d_output: &[Self],
                d_weight: &mut [Self],
                sizes: [usize; 2],
                scratch: &mut [Self],
            ) {
                split::run(Sums::d_weight(input, d_output, d_weight, sizes, scratch));
            }
            fn affine_d_bias(d_output: &[Self], d_bias: &mut [Self]) {
                Arch::new().dispatch(RowSum { rows: d_output, sum: d_bias });
            }
            fn affine_d_input(weight: &[Self], d_output: &[Self], d_input: &mut [Self], inputs: usize) {
                split::run(Sums::d_input(weight, d_output, d_input, inputs));
            }
            fn axpy(a: Self, x: &[Self], y: &mut [Self]) {
                split::run(Map { formula: Axpy(a), read: [x], written: [y] });
            }
            fn multiply(a: &[Self], b: &[Self], product: &mut [Self]) {
                split::run(Map { formula: Multiply, read: [a, b], written: [product] });
            }
            fn powers(x: &mut [Self]) {
                split::run(Map { formula: Exp, read: [], written: [x] });
            }
            fn activate(activation: Activation, scalars: &mut [Self]) {
                layer::with_activation!(activation, function => {
                    split::run(Map { formula: layer::Value(function), read: [], written: [scalars] });
                });
            }
            fn activation_gradient(activation: Activation, forward: [&[Self]; 2], gradient: &mut [Self]) {
                layer::with_activation!(activation, function => {
                    split::run(Map { formula: layer::DInput(function), read: forward, written: [gradient] });
                });
            }
            fn softmax(scores: &[Self], rows: usize, output: &mut [Self]) {
                layer::softmax(scores, rows, output);
            }
            fn softmax_gradient(output: &[Self], d_output: &[Self], rows: usize, d_scores: &mut [Self]) {
                layer::softmax_gradient(output, d_output, rows, d_scores);
            }
            fn softmax_cross_entropy(
                scores: &[Self],
                target: &Target<'_, Self>,
                rows: usize,
                d_scores: Option<&mut [Self]>,
            ) -> Self {
                loss::softmax_cross_entropy(scores, target, rows, d_scores)
            }
            fn mean_squared_error(
                loss: &MeanSquaredError,
                scores: &[Self],
                target: &[Self],
                rows: usize,
                d_scores: Option<&mut [Self]>,
            ) -> Self {
                loss::mean(loss, scores, target, rows, d_scores)
            }
            fn huber(
                loss: &Huber,
                scores: &[Self],
                target: &[Self],
                rows: usize,
                d_scores: Option<&mut [Self]>,
            ) -> Self {
                loss::mean(loss, scores, target, rows, d_scores)
            }
            fn binary_cross_entropy(
                loss: &BinaryCrossEntropyWithLogits,
                scores: &[Self],
                target: &[Self],
                rows: usize,
                d_scores: Option<&mut [Self]>,
            ) -> Self {
                loss::mean(loss, scores, target, rows, d_scores)
            }
        }
    )*};
}
kernel!(f32, f64);

/// The scalars of a matrix whose columns follow each other without gaps.
#[allow(unsafe_code)]
pub(crate) fn as_slice<T, R, C, S>(matrix: &Matrix<T, R, C, S>) -> Option<&[T]>
where
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    // SAFETY: `is_contiguous` is the condition that the method names.
    matrix.data.is_contiguous().then(|| unsafe { matrix.data.as_slice_unchecked() })
}
