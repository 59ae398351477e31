//! The inner loop of the forward pass and of the gradient of the image.

use pulp::Simd;

use crate::simd::Lanes;

/// The most terms of a sum whose weights are packed together: a part of the first cache.
pub(super) const DEPTH: usize = 512;

/// The most results side by side.
pub(super) const WIDTH: usize = 6;

/// Weights of the terms of some sums, and where the other factors lie.
pub(super) struct Terms<T> {
    offsets: [usize; DEPTH],
    weights: [T; DEPTH * WIDTH],
    count: usize,
    /// The greatest offset.
    reach: usize,
}

impl<T: Lanes> Terms<T> {
    pub(super) fn new() -> Self {
        Self { offsets: [0; DEPTH], weights: [T::ZERO; DEPTH * WIDTH], count: 0, reach: 0 }
    }

    /// Notes where the other factors of `count` terms lie.
    #[inline(always)]
    pub(super) fn list(&mut self, count: usize, offsets: impl Iterator<Item = usize>) {
        (self.count, self.reach) = (count, 0);
        for (to, offset) in self.offsets[..count].iter_mut().zip(offsets) {
            *to = offset;
            self.reach = self.reach.max(offset);
        }
    }

    /// Packs the weights of the terms in `M` sums, which follow each other after `step` scalars; those of a sum, after
    /// `term_step`.
    #[inline(always)]
    pub(super) fn pack<const M: usize>(&mut self, weights: &[T], step: usize, term_step: usize) {
        for (index, to) in self.weights.chunks_exact_mut(M).take(self.count).enumerate() {
            unroll!(m < M, { to[m] = weights[m * step + index * term_step] });
        }
    }

    /// Adds the terms to `M` sums of `V` vectors each, whose other factors lie in `scalars` from `starts` on.
    #[inline(always)]
    pub(super) fn add<S: Simd, const M: usize, const V: usize>(
        &self,
        simd: S,
        scalars: &[T],
        starts: [usize; V],
        sums: &mut [[T::Lanes<S>; V]; M],
    ) {
        let lanes = T::count::<S>();
        let span = self.reach + lanes;
        let terms = self.offsets.iter().zip(self.weights.chunks_exact(M)).take(self.count);
        if starts.iter().any(|start| start + span > scalars.len()) {
            for (&offset, weights) in terms {
                for v in 0..V {
                    let x = load(simd, scalars, starts[v] + offset);
                    for m in 0..M {
                        sums[m][v] = T::mul_add(simd, x, T::splat(simd, weights[m]), sums[m][v]);
                    }
                }
            }
            return;
        }
        let mut x = [scalars; V];
        // Says to the compiler that all have one length.
        unroll!(v < V, { x[v] = &scalars[starts[v]..][..span] });
        let mut fast = *sums;
        for (&offset, weights) in terms {
            let mut factors = [T::splat(simd, T::ZERO); V];
            unroll!(v < V, { factors[v] = T::split::<S>(&x[v][offset..][..lanes]).0[0] });
            unroll!(m < M, {
                let w = T::splat(simd, weights[m]);
                unroll!(v < V, { fast[m][v] = T::mul_add(simd, factors[v], w, fast[m][v]) });
            });
        }
        *sums = fast;
    }
}

/// The vector from scalar `at` on; zeros where there are no more scalars.
#[inline(always)]
pub(super) fn load<T: Lanes, S: Simd>(simd: S, scalars: &[T], at: usize) -> T::Lanes<S> {
    match scalars.get(at..at + T::count::<S>()) {
        Some(whole) => T::split::<S>(whole).0[0],
        None => T::load(simd, &scalars[at..]),
    }
}

/// The first scalars of a vector, as many as `scalars` takes.
#[inline(always)]
pub(super) fn store<T: Lanes, S: Simd>(simd: S, scalars: &mut [T], vector: T::Lanes<S>) {
    match T::split_mut::<S>(scalars) {
        ([whole], _) => *whole = vector,
        (_, part) => T::store(simd, part, vector),
    }
}

/// Whether vectors have more than one lane: without them there is no need for large tiles.
#[inline(always)]
pub(super) const fn has_vectors<T: Lanes, S: Simd>() -> bool {
    size_of::<T::Lanes<S>>() > size_of::<T>()
}
