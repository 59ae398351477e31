//! Formulas: what is done to the scalars at each place of slices that lie side by side.

use core::sync::atomic::{Ordering, compiler_fence};

use pulp::{Simd, WithSimd};

use crate::simd::{Real, Vector};
use crate::work::{self, Split};

/// What becomes of the scalars at one place of `R` slices that are read and `W` that are written.
///
/// [`apply`](Self::apply) is written once, on [`Vector`]s, as if each were a number. The attribute `compiled` of `constgrad`
/// writes the other two methods, through which it is compiled where it is defined, for both scalar types and every
/// instruction set; so a formula is as fast in one crate as in another.
pub trait Formula<const R: usize, const W: usize>: Copy + Send + Sync {
    /// What becomes of `written`, from what it was and from `read`.
    fn apply<S: Simd, T: Real>(&self, read: [Vector<S, T>; R], written: [Vector<S, T>; W]) -> [Vector<S, T>; W];

    /// Applies it at each place of slices of `f32`, which have one length.
    fn map_f32(self, read: [&[f32]; R], written: [&mut [f32]; W]);

    /// Applies it at each place of slices of `f64`, which have one length.
    fn map_f64(self, read: [&[f64]; R], written: [&mut [f64]; W]);

    /// What [`map_f32`](Self::map_f32) and [`map_f64`](Self::map_f64) consist of.
    #[doc(hidden)]
    #[inline(always)]
    fn map<T: Real>(self, read: [&[T]; R], written: [&mut [T]; W]) {
        work::run(Map { formula: self, read, written });
    }
}

/// Applies `formula` at each place of the slices, which are of one length.
pub(crate) struct Map<'a, F, T, const R: usize, const W: usize> {
    pub(crate) formula: F,
    pub(crate) read: [&'a [T]; R],
    pub(crate) written: [&'a mut [T]; W],
}

impl<T: Real, F: Formula<R, W>, const R: usize, const W: usize> WithSimd for Map<'_, F, T, R, W> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { formula, read, written } = self;
        let len = written[0].len();
        assert!(read.iter().all(|slice| slice.len() == len) && written.iter().all(|slice| slice.len() == len));
        let whole = len / T::count::<S>();
        let zero = Vector::<S, T>::new(simd, T::splat(simd, T::ZERO));
        let (mut x, mut y) = ([zero; R], [zero; W]);
        // The part of a vector at the end goes through the same loop: formulas are long, and each is compiled for every
        // instruction set.
        for index in 0..len.div_ceil(T::count::<S>()) {
            unroll!(r < R, { x[r] = Vector::new(simd, load(simd, read[r], index, whole)) });
            unroll!(w < W, { y[w] = Vector::new(simd, load(simd, written[w], index, whole)) });
            let results = formula.apply(x, y);
            // Keeps the compiler from storing through a mask what a formula changes in part, which is slow (relu, Zen 4: a
            // quarter of the speed).
            compiler_fence(Ordering::AcqRel);
            unroll!(w < W, { store(simd, written[w], index, whole, results[w].lanes()) });
        }
    }
}

/// Vector `index` of `slice`; the one after all `whole` vectors is what is left, then zeros.
#[inline(always)]
pub(crate) fn load<T: Real, S: Simd>(simd: S, slice: &[T], index: usize, whole: usize) -> T::Lanes<S> {
    let (vectors, part) = T::split::<S>(slice);
    if index < whole { vectors[index] } else { T::load(simd, part) }
}

/// The reverse of [`load`].
#[inline(always)]
fn store<T: Real, S: Simd>(simd: S, slice: &mut [T], index: usize, whole: usize, vector: T::Lanes<S>) {
    let (vectors, part) = T::split_mut::<S>(slice);
    if index < whole {
        vectors[index] = vector;
    } else {
        T::store(simd, part, vector);
    }
}

/// In places.
impl<T: Real, F: Formula<R, W>, const R: usize, const W: usize> Split for Map<'_, F, T, R, W> {
    const WIDE: bool = false;

    /// A place takes as long as many multiply-adds: memory is slow, and threads that have computed some of it are awake and
    /// have it in their caches (784-50-10, batch 100, 2 threads, from when they share the update too: 102 instead of 117 µs).
    fn cost(&self) -> usize {
        32 * (R + W) * self.parts()
    }

    fn parts(&self) -> usize {
        self.written[0].len()
    }

    fn split(self, places: usize) -> (Self, Self) {
        let formula = self.formula;
        let read = self.read.map(|slice| slice.split_at(places));
        let mut written = self.written.map(|slice| slice.split_at_mut(places));
        let first = written.each_mut().map(|(first, _)| core::mem::take(first));
        (
            Self { formula, read: read.map(|(first, _)| first), written: first },
            Self { formula, read: read.map(|(_, rest)| rest), written: written.map(|(_, rest)| rest) },
        )
    }
}
