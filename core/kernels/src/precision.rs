//! How generic code reaches what is compiled for `f32` and `f64`.

use crate::formula::Formula;
use crate::term::Term;

/// `f32` or `f64`, the precision that something is computed in.
///
/// Generic code is compiled in the crate that uses it, where vector instructions are those of the oldest processors, if it is
/// optimised at all. So the loops are not generic: each is compiled where it is defined, for both types, and this trait finds
/// the one that is meant.
pub trait Precision: Copy + Send + Sync + 'static {
    /// Applies `formula` at each place of the slices.
    ///
    /// # Panics
    /// If the slices are not all of one length.
    fn map<F: Formula<R, W>, const R: usize, const W: usize>(formula: F, read: [&[Self]; R], written: [&mut [Self]; W]);

    /// The sum of the terms at all places of the slices.
    ///
    /// # Panics
    /// If the slices are not all of one length.
    fn sum<F: Term<R>, const R: usize>(term: F, read: [&[Self]; R]) -> f64;

    /// Does work that is no formula, such as a product.
    fn run<W: Work>(work: W::Of<'_, Self>);
}

/// Work on slices that is compiled for both types where it is defined.
pub trait Work {
    /// The work with slices of `T`.
    type Of<'a, T: 'a>;

    /// Does the work with slices of `f32`.
    fn on_f32(work: Self::Of<'_, f32>);

    /// Does the work with slices of `f64`.
    fn on_f64(work: Self::Of<'_, f64>);
}

impl Precision for f32 {
    fn map<F: Formula<R, W>, const R: usize, const W: usize>(formula: F, read: [&[f32]; R], written: [&mut [f32]; W]) {
        formula.map_f32(read, written);
    }

    fn sum<F: Term<R>, const R: usize>(term: F, read: [&[f32]; R]) -> f64 {
        term.sum_f32(read)
    }

    fn run<W: Work>(work: W::Of<'_, f32>) {
        W::on_f32(work);
    }
}

impl Precision for f64 {
    fn map<F: Formula<R, W>, const R: usize, const W: usize>(formula: F, read: [&[f64]; R], written: [&mut [f64]; W]) {
        formula.map_f64(read, written);
    }

    fn sum<F: Term<R>, const R: usize>(term: F, read: [&[f64]; R]) -> f64 {
        term.sum_f64(read)
    }

    fn run<W: Work>(work: W::Of<'_, f64>) {
        W::on_f64(work);
    }
}
