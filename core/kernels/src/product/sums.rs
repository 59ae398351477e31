//! Scaled sums of rows, such as both gradients of an affine layer.
//!
//! Rows and results lie contiguous along the inputs, so nothing is transposed. A tile of 6 results by 2 vectors (by 4 where
//! there are 32 registers and many rows) keeps its sums in registers over all rows. All results pass over the same columns
//! of the rows, in the first cache. With 16 registers, columns that would drive each other out of it, as those of rows whose
//! length is a power of two, are first packed (128 x 512 x 256, Zen 3: 95 instead of 70 GFLOP/s of 103), and so are
//! coefficients that lie apart. With 32, a step has so many products that the second cache keeps up (Zen 4, of 117: the
//! same with packed columns 107 instead of 113; 100 x 64 x 64 with packed coefficients 103 instead of 114).
//!
//! Where the width is no multiple of a vector, the last vector overlaps the one before, so that no step is masked; what
//! lies in both is computed twice, alike. How a result is summed does not depend on the tile: over the rows in order.
//!
//! A sum over many samples is one of sums over some, and what rounding leaves out of it is kept beside it: added one after
//! the other, ten million in `f32` would lose two digits more.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use crate::simd::{LANES, Lanes};
use crate::total::{BLOCK, vector_sum_and_rest};
use crate::work::Split;

/// `sums[r] = Σ coefficients[k][r] · rows[k]` over the rows, such as the gradient of a weight: a row is a sample, a
/// coefficient the gradient of an output.
#[derive(Debug)]
pub struct OuterSums<'a, T> {
    /// `width` scalars each.
    pub rows: &'a [T],
    /// For each row as many as there are sums.
    pub coefficients: &'a [T],
    /// `width` scalars each.
    pub sums: &'a mut [T],
    /// The scalars of a row, and of a sum.
    pub width: usize,
    /// Room to work in, as long as `coefficients`.
    pub scratch: &'a mut [T],
}

/// `sums[r] = Σ coefficients[r][k] · rows[k]` over the rows, such as the gradient of an input: a row is the weights of an
/// output, a sum a sample.
#[derive(Debug)]
pub struct WeightedSums<'a, T> {
    /// `width` scalars each.
    pub rows: &'a [T],
    /// For each sum as many as there are rows.
    pub coefficients: &'a [T],
    /// `width` scalars each.
    pub sums: &'a mut [T],
    /// The scalars of a row, and of a sum.
    pub width: usize,
}

/// `results[r] = Σ coefficient(r, k) · rows[k]` over `k`; rows and results are `width` wide.
pub(crate) struct Sums<'a, T> {
    coefficients: Coefficients<'a, T>,
    rows: &'a [T],
    results: &'a mut [T],
    width: usize,
}

/// What a row counts in a result.
enum Coefficients<'a, T> {
    /// Those of a result follow each other.
    ByResult(&'a [T]),
    /// Those of a row follow each other: `all` a row, ours from `first`. Packed, ours need `room` for as many as they are.
    ByRow { coefficients: &'a [T], all: usize, first: usize, room: &'a mut [T] },
}

/// Packing pays from so many results and rows, that of coefficients from so wide ones.
const PACKED: [usize; 3] = [12, 16, 128];

/// The rows of `width` whose columns stay together in the first cache: half of 8 ways of 64 lines; fewer where the rows
/// begin in some of the 64 alone.
fn rows_in_cache<T>(width: usize) -> usize {
    const LINE: u32 = 6;
    256 >> ((width * size_of::<T>()).trailing_zeros().clamp(LINE, 2 * LINE) - LINE)
}

/// Columns of rows, packed: a part of the first cache.
#[repr(align(64))]
struct Panel<T>([T; PANEL]);
const PANEL: usize = 4096;

/// Tiles of 4 vectors pay from so many rows. With fewer, their stores hold up the next (`d_input` of 100 x 784 x 10, Zen 4:
/// 100 instead of 109 GFLOP/s); with more, they read the rows in longer pieces (a step of 100 x 784 x 50 in f64: 7 %).
const DEEP: usize = 64;

/// The samples whose products are added one after the other.
pub(super) const SHORT: usize = 128;

/// Of more samples, blocks are summed by themselves, and so many are added up in a tile before the sum is added to the
/// result: a multiple of [`BLOCK`], and no more than fit in a panel, so that sums are the same with and without.
const STEP: usize = 8 * BLOCK;

/// What rounding leaves out of some results at a time: a part of the first cache.
#[repr(align(64))]
struct Lost<T>([T; (RESULTS + 8) * 4 * LANES]);

/// So many results at a time, and up to 8 more at the end, where tiles are not of 6.
const RESULTS: usize = 48;

impl<'a, T: Lanes> Sums<'a, T> {
    pub(crate) fn outer(OuterSums { rows, coefficients, sums, width, scratch }: OuterSums<'a, T>) -> Self {
        let all = sums.len() / width;
        let coefficients = Coefficients::ByRow { coefficients, all, first: 0, room: scratch };
        Self { coefficients, rows, results: sums, width }
    }

    pub(crate) fn weighted(WeightedSums { rows, coefficients, sums, width }: WeightedSums<'a, T>) -> Self {
        Self { coefficients: Coefficients::ByResult(coefficients), rows, results: sums, width }
    }
}

impl<T: Lanes> WithSimd for Sums<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { coefficients, rows, results, width } = self;
        let (depth, count) = (rows.len() / width, results.len() / width);
        if depth == 0 {
            results.fill(T::ZERO);
            return;
        }
        let product = Product { rows, results, width, depth, count };
        let may_pack = const { S::REGISTER_COUNT < 32 } && count >= PACKED[0] && depth >= PACKED[1];
        let mut panel;
        let panel = if may_pack && depth > rows_in_cache::<T>(width) {
            panel = Panel([T::ZERO; _]);
            Some(&mut panel)
        } else {
            None
        };
        match coefficients {
            Coefficients::ByResult(coefficients) => {
                product.compute::<S, _, false>(simd, ByResult { coefficients, depth }, panel, &mut []);
            }
            Coefficients::ByRow { coefficients, all, first, room } => {
                let source = if may_pack && width >= PACKED[2] {
                    ByRow::packed(coefficients, all, first, room, depth, count)
                } else {
                    ByRow::Apart { coefficients, all, first }
                };
                if depth <= SHORT {
                    product.compute::<S, _, false>(simd, source, panel, &mut []);
                } else {
                    product.compute::<S, _, true>(simd, source, panel, &mut Lost([T::ZERO; _]).0);
                }
            }
        }
    }
}

/// In results.
impl<T: Lanes> Split for Sums<'_, T> {
    const WIDE: bool = true;

    /// From 2 wide vectors on: parts of one cost more than narrow ones (100 x 12 x 64, Zen 4: 42 instead of 59 GFLOP/s).
    fn is_wide(&self) -> bool {
        size_of::<T>() * self.width >= 2 * size_of::<[f32; LANES]>()
    }

    fn cost(&self) -> usize {
        self.parts() * self.rows.len()
    }

    fn parts(&self) -> usize {
        self.results.len() / self.width
    }

    fn split(self, results: usize) -> (Self, Self) {
        let depth = self.rows.len() / self.width;
        let (coefficients, other_coefficients) = self.coefficients.split(results, depth);
        let Self { rows, width, .. } = self;
        let (results, other_results) = self.results.split_at_mut(results * width);
        let rest = Self { coefficients: other_coefficients, rows, results: other_results, width };
        (Self { coefficients, rows, results, width }, rest)
    }
}

impl<T> Coefficients<'_, T> {
    fn split(self, results: usize, depth: usize) -> (Self, Self) {
        match self {
            Self::ByResult(coefficients) => {
                let (coefficients, rest) = coefficients.split_at(results * depth);
                (Self::ByResult(coefficients), Self::ByResult(rest))
            }
            Self::ByRow { coefficients, all, first, room } => {
                let (room, rest) = room.split_at_mut(results * depth);
                let after = Self::ByRow { coefficients, all, first: first + results, room: rest };
                (Self::ByRow { coefficients, all, first, room }, after)
            }
        }
    }
}

/// Where the coefficients of a tile come from.
trait Source<T: Lanes>: Copy {
    /// `sums[r] += Σ coefficient(result + r, k) · rows[k]`.
    fn add<S: Simd, const R: usize, const V: usize, const PART: bool>(
        self,
        simd: S,
        result: usize,
        rows: Rows<'_, T, V, PART>,
        sums: &mut [[T::Lanes<S>; V]; R],
    );
}

/// Those of a result follow each other.
#[derive(Clone, Copy)]
struct ByResult<'a, T> {
    coefficients: &'a [T],
    depth: usize,
}

impl<T: Lanes> Source<T> for ByResult<'_, T> {
    #[inline(always)]
    fn add<S: Simd, const R: usize, const V: usize, const PART: bool>(
        self,
        simd: S,
        result: usize,
        rows: Rows<'_, T, V, PART>,
        sums: &mut [[T::Lanes<S>; V]; R],
    ) {
        let mut results = [&[][..]; R];
        unroll!(r < R, { results[r] = &self.coefficients[(result + r) * self.depth + rows.start..][..rows.len] });
        for (k, row) in (0..rows.len).zip(rows.scalars.chunks_exact(rows.width)) {
            let mut coefficients = [T::ZERO; R];
            unroll!(r < R, { coefficients[r] = results[r][k] });
            add(simd, coefficients, rows.columns.load(simd, row), sums);
        }
    }
}

/// Those of a row follow each other; packed, those of a row of a tile.
#[derive(Clone, Copy)]
enum ByRow<'a, T> {
    Apart { coefficients: &'a [T], all: usize, first: usize },
    Packed { coefficients: &'a [T], depth: usize },
}

impl<T: Lanes> Source<T> for ByRow<'_, T> {
    #[inline(always)]
    fn add<S: Simd, const R: usize, const V: usize, const PART: bool>(
        self,
        simd: S,
        result: usize,
        rows: Rows<'_, T, V, PART>,
        sums: &mut [[T::Lanes<S>; V]; R],
    ) {
        // Whole rows, each as long as the next, so that what is checked of the first holds of all.
        let (coefficients, stride, place) = match self {
            Self::Apart { coefficients, all, first } => (&coefficients[rows.start * all..], all, first + result),
            Self::Packed { coefficients, depth } => (&coefficients[result * depth + rows.start * R..], R, 0),
        };
        let coefficients = coefficients.chunks_exact(stride);
        for (coefficients, row) in coefficients.zip(rows.scalars.chunks_exact(rows.width)).take(rows.len) {
            let coefficients = *coefficients[place..].first_chunk().expect("as many as results");
            add(simd, coefficients, rows.columns.load(simd, row), sums);
        }
    }
}

/// `sums[r] += coefficients[r] · row`.
#[inline(always)]
fn add<T: Lanes, S: Simd, const R: usize, const V: usize>(
    simd: S,
    coefficients: [T; R],
    row: [T::Lanes<S>; V],
    sums: &mut [[T::Lanes<S>; V]; R],
) {
    unroll!(r < R, {
        let coefficient = T::splat(simd, coefficients[r]);
        unroll!(v < V, { sums[r][v] = T::mul_add(simd, coefficient, row[v], sums[r][v]) });
    });
}

impl<'a, T: Lanes> ByRow<'a, T> {
    /// The coefficients of `count` results, `all` a row from `first` on, packed in `room`.
    fn packed(coefficients: &[T], all: usize, first: usize, room: &'a mut [T], depth: usize, count: usize) -> Self {
        let mut result = 0;
        while result < count {
            let (from, to) = (&coefficients[first + result..], &mut room[result * depth..]);
            result += match count - result {
                4 | 5 | 7 | 8 => pack::<T, 4>(from, all, to, depth),
                6.. => pack::<T, 6>(from, all, to, depth),
                2.. => pack::<T, 2>(from, all, to, depth),
                _ => pack::<T, 1>(from, all, to, depth),
            }
        }
        Self::Packed { coefficients: room, depth }
    }
}

/// The first `R` scalars of `depth` rows, together; says `R`.
fn pack<T: Copy, const R: usize>(rows: &[T], width: usize, to: &mut [T], depth: usize) -> usize {
    for (to, row) in to[..R * depth].as_chunks_mut::<R>().0.iter_mut().zip(rows.chunks(width)) {
        to.copy_from_slice(&row[..R]);
    }
    R
}

/// `results[r] = Σ coefficient(r, k) · rows[k]`: `count` results of `depth` rows, each `width` wide.
struct Product<'a, T> {
    rows: &'a [T],
    results: &'a mut [T],
    width: usize,
    depth: usize,
    count: usize,
}

/// `V` vectors of all results of a product, or `PART` of one: a function of its own, lest an unoptimised build has the
/// vectors of all tiles on the stack together.
struct Strip<'p, 'a, T, C, const V: usize, const PART: bool, const LONG: bool> {
    product: &'p mut Product<'a, T>,
    column: usize,
    source: C,
    panel: Option<&'p mut Panel<T>>,
    lost: &'p mut [T],
}

impl<T: Lanes, C: Source<T>, const V: usize, const PART: bool, const LONG: bool> WithSimd
    for Strip<'_, '_, T, C, V, PART, LONG>
{
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        let Self { product, column, source, panel, lost } = self;
        product.columns::<S, V, PART, LONG>(simd, column, source, panel, lost)
    }
}

impl<T: Lanes> Product<'_, T> {
    /// With a `panel`, the rows are packed in it. What rounding leaves out of `LONG` sums is kept in `lost`.
    #[inline(always)]
    fn compute<S: Simd, C: Source<T>, const LONG: bool>(
        mut self,
        simd: S,
        source: C,
        mut panel: Option<&mut Panel<T>>,
        lost: &mut [T],
    ) {
        let lanes = T::count::<S>();
        let mut column = 0;
        while column < self.width {
            let panel = panel.as_deref_mut();
            column += lanes
                * match (self.width - column).div_ceil(lanes) {
                    _ if self.width < lanes => self.strip::<S, C, 1, true, LONG>(simd, column, source, panel, lost),
                    4.. if const { S::REGISTER_COUNT >= 32 } && self.depth >= DEEP => {
                        self.strip::<S, C, 4, false, LONG>(simd, column, source, panel, lost)
                    }
                    2.. => self.strip::<S, C, 2, false, LONG>(simd, column, source, panel, lost),
                    _ => self.strip::<S, C, 1, false, LONG>(simd, column, source, panel, lost),
                };
        }
    }

    #[inline(always)]
    fn strip<S: Simd, C: Source<T>, const V: usize, const PART: bool, const LONG: bool>(
        &mut self,
        simd: S,
        column: usize,
        source: C,
        panel: Option<&mut Panel<T>>,
        lost: &mut [T],
    ) -> usize {
        simd.vectorize(Strip::<_, _, V, PART, LONG> { product: self, column, source, panel, lost })
    }

    /// `V` vectors of all results, or `PART` of one; says `V`.
    #[inline(always)]
    fn columns<S: Simd, const V: usize, const PART: bool, const LONG: bool>(
        &mut self,
        simd: S,
        column: usize,
        source: impl Source<T>,
        mut panel: Option<&mut Panel<T>>,
        lost: &mut [T],
    ) -> usize {
        let columns = Columns::<V, PART>::new::<T, S>(column, self.width);
        let packed = Columns::<V, PART>::new::<T, S>(0, V * columns.len);
        let step = match panel {
            _ if LONG => STEP,
            Some(_) => PANEL / (V * columns.len),
            None => self.depth,
        };
        let mut first = 0;
        while first < self.count {
            let results = first..if LONG && self.count - first > RESULTS + 8 { first + RESULTS } else { self.count };
            first = results.end;
            if LONG {
                lost[..results.len() * V * T::count::<S>()].fill(T::ZERO);
            }
            for start in (0..self.depth).step_by(step) {
                let (rows, len) = (&self.rows[start * self.width..], step.min(self.depth - start));
                let rows = match &mut panel {
                    None => Rows { scalars: rows, width: self.width, columns, start, len },
                    Some(Panel(panel)) => {
                        let width = V * columns.len;
                        for (to, from) in panel.chunks_exact_mut(width).zip(rows.chunks_exact(self.width)) {
                            packed.store(simd, to, columns.load(simd, from));
                        }
                        Rows { scalars: panel, width, columns: packed, start, len }
                    }
                };
                self.some_results::<S, V, PART, LONG>(simd, columns, results.clone(), rows, source, lost);
            }
            if LONG {
                self.add_lost::<S, V, PART>(simd, columns, results, lost);
            }
        }
        V
    }

    /// Adds `rows` to some results.
    #[inline(always)]
    fn some_results<S: Simd, const V: usize, const PART: bool, const LONG: bool>(
        &mut self,
        simd: S,
        columns: Columns<V, PART>,
        results: Range<usize>,
        rows: Rows<'_, T, V, PART>,
        source: impl Source<T>,
        lost: &mut [T],
    ) {
        let mut result = results.start;
        while result < results.end {
            let at = if LONG { (result - results.start) * V * T::count::<S>() } else { 0 };
            let lost = &mut lost[at..];
            result += match self.count - result {
                // What is left over after tiles of 6 would be too small to keep a processor busy (100 x 784 x 50: 5 %).
                4 | 5 | 7 | 8 => self.tile::<S, 4, V, PART, LONG>(simd, columns, result, rows, source, lost),
                6.. => self.tile::<S, 6, V, PART, LONG>(simd, columns, result, rows, source, lost),
                2.. => self.tile::<S, 2, V, PART, LONG>(simd, columns, result, rows, source, lost),
                _ => self.tile::<S, 1, V, PART, LONG>(simd, columns, result, rows, source, lost),
            };
        }
    }

    /// Adds `rows` to `R` results, which the first rows begin; says `R`.
    #[inline(always)]
    fn tile<S: Simd, const R: usize, const V: usize, const PART: bool, const LONG: bool>(
        &mut self,
        simd: S,
        columns: Columns<V, PART>,
        result: usize,
        rows: Rows<'_, T, V, PART>,
        source: impl Source<T>,
        lost: &mut [T],
    ) -> usize {
        let mut sums = [[T::splat(simd, T::ZERO); V]; R];
        let results = &mut self.results[result * self.width..][..R * self.width];
        if LONG {
            long_sums(simd, result, rows, source, &mut sums);
            let lost = T::split_mut::<S>(lost).0.chunks_exact_mut(V);
            for ((row, sums), lost) in results.chunks_exact_mut(self.width).zip(&mut sums).zip(lost) {
                let before = if rows.start > 0 { columns.load(simd, row) } else { [T::splat(simd, T::ZERO); V] };
                for v in 0..V {
                    (sums[v], lost[v]) = vector_sum_and_rest::<T, S>(simd, before[v], T::plus(simd, sums[v], lost[v]));
                }
                columns.store(simd, row, *sums);
            }
        } else {
            if rows.start > 0 {
                unroll!(r < R, { sums[r] = columns.load(simd, &results[r * self.width..][..self.width]) });
            }
            source.add(simd, result, rows, &mut sums);
            unroll!(r < R, { columns.store(simd, &mut results[r * self.width..][..self.width], sums[r]) });
        }
        R
    }

    /// Adds to some results what rounding left out of them.
    #[inline(always)]
    fn add_lost<S: Simd, const V: usize, const PART: bool>(
        &mut self,
        simd: S,
        columns: Columns<V, PART>,
        results: Range<usize>,
        lost: &[T],
    ) {
        let rows = self.results[results.start * self.width..].chunks_exact_mut(self.width);
        for (row, lost) in rows.take(results.len()).zip(T::split::<S>(lost).0.chunks_exact(V)) {
            let mut sums = columns.load(simd, row);
            for v in 0..V {
                sums[v] = T::plus(simd, sums[v], lost[v]);
            }
            columns.store(simd, row, sums);
        }
    }
}

/// Adds to sums of zero what [`Source::add`] makes of some rows, block by block.
#[inline(always)]
fn long_sums<T: Lanes, S: Simd, const R: usize, const V: usize, const PART: bool>(
    simd: S,
    result: usize,
    rows: Rows<'_, T, V, PART>,
    source: impl Source<T>,
    total: &mut [[T::Lanes<S>; V]; R],
) {
    let zeros = *total;
    for start in (0..rows.len).step_by(BLOCK) {
        let mut sums = zeros;
        source.add(simd, result, rows.from(start, BLOCK), &mut sums);
        for (total, sums) in total.iter_mut().zip(sums) {
            for (total, sum) in total.iter_mut().zip(sums) {
                *total = T::plus(simd, *total, sum);
            }
        }
    }
}

/// The `len` rows from `start`, where their columns lie: at their place, or packed.
#[derive(Clone, Copy)]
struct Rows<'a, T, const V: usize, const PART: bool> {
    scalars: &'a [T],
    width: usize,
    columns: Columns<V, PART>,
    start: usize,
    len: usize,
}

impl<T, const V: usize, const PART: bool> Rows<'_, T, V, PART> {
    /// Those from place `first` on, at most `len`.
    #[inline(always)]
    fn from(self, first: usize, len: usize) -> Self {
        let len = len.min(self.len - first);
        Self { scalars: &self.scalars[first * self.width..], start: self.start + first, len, ..self }
    }
}

/// `V` vectors of a row, or `PART` of one.
#[derive(Clone, Copy)]
struct Columns<const V: usize, const PART: bool> {
    starts: [usize; V],
    len: usize,
}

impl<const V: usize, const PART: bool> Columns<V, PART> {
    /// Those from `column` on; no further than the row goes.
    #[inline(always)]
    fn new<T: Lanes, S: Simd>(column: usize, width: usize) -> Self {
        let len = if PART { width } else { T::count::<S>() };
        let mut starts = [0; V];
        unroll!(v < V, { starts[v] = (column + v * len).min(width - len) });
        Self { starts, len }
    }

    #[inline(always)]
    fn load<T: Lanes, S: Simd>(self, simd: S, row: &[T]) -> [T::Lanes<S>; V] {
        let mut vectors = [T::splat(simd, T::ZERO); V];
        unroll!(v < V, {
            let scalars = &row[self.starts[v]..][..self.len];
            vectors[v] = if PART { T::load(simd, scalars) } else { T::split::<S>(scalars).0[0] };
        });
        vectors
    }

    #[inline(always)]
    fn store<T: Lanes, S: Simd>(self, simd: S, row: &mut [T], vectors: [T::Lanes<S>; V]) {
        unroll!(v < V, {
            let scalars = &mut row[self.starts[v]..][..self.len];
            if PART {
                T::store(simd, scalars, vectors[v]);
            } else {
                T::split_mut::<S>(scalars).0[0] = vectors[v];
            }
        });
    }
}
