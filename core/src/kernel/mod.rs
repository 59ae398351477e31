//! The inner loops: run-time sizes, slices of contiguous samples, compiled once for `f32` and once for `f64`.
//!
//! Everything that is worth a vector instruction goes through [`Kernel`]; nothing above knows how it is done.

#![allow(unsafe_code)]

use nalgebra::{Dim, Matrix, RawStorage};

/// The inner loops of one scalar type.
///
/// `input` and `output` hold samples of `inputs` and `outputs` scalars; `weight` holds `outputs` columns of `inputs`.
pub trait Kernel: Sized {
    /// `output = weightᵀ · input + bias`, each sample.
    fn affine(input: &[Self], weight: &[Self], bias: &[Self], output: &mut [Self], inputs: usize, outputs: usize);
    /// `d_weight = Σ input · d_outputᵀ` over the samples.
    fn affine_d_weight(input: &[Self], d_output: &[Self], d_weight: &mut [Self], inputs: usize, outputs: usize);
    /// `d_bias = Σ d_output` over the samples.
    fn affine_d_bias(d_output: &[Self], d_bias: &mut [Self]);
    /// `d_input = weight · d_output`, each sample.
    fn affine_d_input(weight: &[Self], d_output: &[Self], d_input: &mut [Self], inputs: usize, outputs: usize);
    /// `y += a · x`.
    fn axpy(a: Self, x: &[Self], y: &mut [Self]);
}

macro_rules! kernel {
    ($($t:ty),*) => {$(
        impl Kernel for $t {
            fn affine(input: &[Self], weight: &[Self], bias: &[Self], output: &mut [Self], inputs: usize, outputs: usize) {
                for (x, y) in input.chunks_exact(inputs).zip(output.chunks_exact_mut(outputs)) {
                    for ((y, w), b) in y.iter_mut().zip(weight.chunks_exact(inputs)).zip(bias) {
                        *y = *b + x.iter().zip(w).map(|(x, w)| x * w).sum::<$t>();
                    }
                }
            }
            fn affine_d_weight(input: &[Self], d_output: &[Self], d_weight: &mut [Self], inputs: usize, outputs: usize) {
                d_weight.fill(0.0);
                for (x, d) in input.chunks_exact(inputs).zip(d_output.chunks_exact(outputs)) {
                    for (w, &d) in d_weight.chunks_exact_mut(inputs).zip(d) {
                        Self::axpy(d, x, w);
                    }
                }
            }
            fn affine_d_bias(d_output: &[Self], d_bias: &mut [Self]) {
                d_bias.fill(0.0);
                for d in d_output.chunks_exact(d_bias.len()) {
                    Self::axpy(1.0, d, d_bias);
                }
            }
            fn affine_d_input(weight: &[Self], d_output: &[Self], d_input: &mut [Self], inputs: usize, outputs: usize) {
                d_input.fill(0.0);
                for (x, d) in d_input.chunks_exact_mut(inputs).zip(d_output.chunks_exact(outputs)) {
                    for (w, &d) in weight.chunks_exact(inputs).zip(d) {
                        Self::axpy(d, w, x);
                    }
                }
            }
            fn axpy(a: Self, x: &[Self], y: &mut [Self]) {
                for (y, x) in y.iter_mut().zip(x) {
                    *y += a * x;
                }
            }
        }
    )*};
}
kernel!(f32, f64);

/// The scalars of a matrix whose columns follow each other without gaps.
pub(crate) fn as_slice<T, R, C, S>(matrix: &Matrix<T, R, C, S>) -> Option<&[T]>
where
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    // SAFETY: `is_contiguous` is the condition that the method names.
    matrix.data.is_contiguous().then(|| unsafe { matrix.data.as_slice_unchecked() })
}
