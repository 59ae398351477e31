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

mod axpy;
mod dots;
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

use axpy::Axpy;
use dots::Dots;
use map::Map;
use row_sum::RowSum;
use sums::Sums;

/// The inner loops of one scalar type.
///
/// `input` and `output` hold samples of `inputs` and `outputs` scalars; `weight` holds `outputs` columns of `inputs`.
pub trait Kernel: Sized {
    /// `output = weightᵀ · input + bias`, each sample.
    fn affine(input: &[Self], weight: &[Self], bias: &[Self], output: &mut [Self]);
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
}

macro_rules! kernel {
    ($($t:ty),*) => {$(
        impl Kernel for $t {
            fn affine(input: &[Self], weight: &[Self], bias: &[Self], output: &mut [Self]) {
                split::run(Dots { input, weight, bias, output });
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
