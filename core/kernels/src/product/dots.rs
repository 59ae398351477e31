//! Dot products: the forward product of an affine layer.
//!
//! Both factors of every product lie contiguous along the inputs, so nothing is packed or transposed. A tile of 3 samples
//! by 4 outputs (of 6 by 4 where there are 32 registers) keeps its sums in registers, a vector each, along all inputs: 7
//! loads for 12 multiply-adds. The lanes are summed at the end, where the bias is added. The weights of a tile stay in the
//! first cache while a block of samples passes, which stays in the second; an epilogue follows while the block is there.
//!
//! How an output is summed depends on its index alone, not on the tile: it is the same to the bit in any batch.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use crate::Epilogue;
use crate::simd::{LANES, Lanes};
use crate::work::Split;

/// `output = epilogue(weightᵀ · input + bias)`, each sample.
#[expect(missing_debug_implementations, reason = "an epilogue is a closure")]
pub struct Dots<'a, T> {
    /// Samples of `inputs` scalars.
    pub input: &'a [T],
    /// `inputs` scalars for each output.
    pub weight: &'a [T],
    /// One for each output, or none at all.
    pub bias: &'a [T],
    /// What follows at once.
    pub epilogue: Option<Epilogue<'a, T>>,
    /// As many scalars a sample as there are outputs.
    pub output: &'a mut [T],
    /// The scalars of a sample of `input`.
    pub inputs: usize,
}

/// The samples that pass together: they stay in the second cache, with room for weights and outputs.
const CACHE: usize = 192 << 10;

impl<T: Lanes> WithSimd for Dots<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { mut input, weight, bias, epilogue, mut output, inputs } = self;
        let outputs = weight.len() / inputs;
        let len = if size_of_val(input) <= CACHE { input.len() } else { samples_in_cache::<T>(inputs) * inputs };
        while !input.is_empty() {
            let (block, later) = input.split_at(len.min(input.len()));
            let samples = block.len() / inputs;
            let (results, later_results) = output.split_at_mut(samples * outputs);
            if inputs < T::count::<S>() {
                few_inputs(block, weight, bias, results, inputs);
            } else {
                let output = &mut *results;
                Block { input: block, output, samples, inputs, outputs }.compute(simd, weight, bias);
            }
            if let Some(epilogue) = epilogue {
                epilogue(results);
            }
            (input, output) = (later, later_results);
        }
    }
}

/// A number of samples that stay in the cache, a multiple of what a tile takes.
fn samples_in_cache<T>(inputs: usize) -> usize {
    (CACHE / size_of::<T>() / inputs).next_multiple_of(6).max(6)
}

/// In samples.
impl<T: Lanes> Split for Dots<'_, T> {
    const WIDE: bool = true;

    fn is_wide(&self) -> bool {
        is_wide::<T>(self.inputs)
    }

    fn cost(&self) -> usize {
        self.output.len() * self.inputs
    }

    fn parts(&self) -> usize {
        self.output.len() / (self.weight.len() / self.inputs)
    }

    fn split(self, samples: usize) -> (Self, Self) {
        let (input, other_input) = self.input.split_at(samples * self.inputs);
        let (output, other_output) = self.output.split_at_mut(samples * (self.weight.len() / self.inputs));
        (Self { input, output, ..self }, Self { input: other_input, output: other_output, ..self })
    }
}

/// Whether vectors of 512 bits are faster, as where there are more than 4 of inputs: for fewer, the sums of their lanes take too
/// long (Zen 4, one sample through 4-64-64-2: 0.30 instead of 0.26 µs; 100 x 12 x 64: 7 instead of 37 GFLOP/s).
pub(super) const fn is_wide<T>(inputs: usize) -> bool {
    size_of::<T>() * inputs > 4 * size_of::<[f32; LANES]>()
}

/// Where there is not even a vector of inputs, scalar by scalar: lanes to sum would take longer (1 x 4 x 64: 65 instead of
/// 190 ns).
pub(super) fn few_inputs<T: Lanes>(input: &[T], weight: &[T], bias: &[T], output: &mut [T], inputs: usize) {
    match inputs {
        1 => exactly::<T, 1>(input, weight, bias, output),
        2 => exactly::<T, 2>(input, weight, bias, output),
        3 => exactly::<T, 3>(input, weight, bias, output),
        4 => exactly::<T, 4>(input, weight, bias, output),
        5 => exactly::<T, 5>(input, weight, bias, output),
        6 => exactly::<T, 6>(input, weight, bias, output),
        7 => exactly::<T, 7>(input, weight, bias, output),
        _ => {
            let outputs = weight.len() / inputs;
            for (input, output) in input.chunks_exact(inputs).zip(output.chunks_exact_mut(outputs)) {
                sample(input, weight.chunks_exact(inputs), bias, output);
            }
        }
    }
}

#[inline(always)]
fn exactly<T: Lanes, const I: usize>(input: &[T], weight: &[T], bias: &[T], output: &mut [T]) {
    let weight = weight.as_chunks::<I>().0;
    for (input, output) in input.as_chunks::<I>().0.iter().zip(output.chunks_exact_mut(weight.len())) {
        sample(input, weight, bias, output);
    }
}

/// The outputs of one sample, from the weights of each.
#[inline(always)]
fn sample<'w, T: Lanes, W: AsRef<[T]> + ?Sized + 'w>(
    input: &W,
    weight: impl IntoIterator<Item = &'w W>,
    bias: &[T],
    output: &mut [T],
) {
    let outputs = output.iter_mut().zip(weight);
    if bias.is_empty() {
        outputs.for_each(|(output, weight)| *output = dot(input.as_ref(), weight.as_ref(), T::ZERO));
    } else {
        outputs.zip(bias).for_each(|((output, weight), &bias)| *output = dot(input.as_ref(), weight.as_ref(), bias));
    }
}

#[inline(always)]
fn dot<T: Lanes>(input: &[T], weight: &[T], bias: T) -> T {
    input.iter().zip(weight).fold(bias, |sum, (&x, &w)| sum + x * w)
}

/// Samples that pass together.
struct Block<'a, T> {
    input: &'a [T],
    output: &'a mut [T],
    samples: usize,
    inputs: usize,
    outputs: usize,
}

/// `N` outputs of some samples of a block, in tiles of 6 samples where they are `MANY`, otherwise of fewer: a function of its
/// own, lest an unoptimised build has the vectors of all tiles on the stack together.
struct Band<'p, 'a, T, const N: usize, const MANY: bool> {
    block: &'p mut Block<'a, T>,
    samples: Range<usize>,
    output: usize,
    weight: &'p [T],
    bias: &'p [T],
}

impl<T: Lanes, const N: usize, const MANY: bool> WithSimd for Band<'_, '_, T, N, MANY> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { block, samples: Range { start: mut sample, end }, output, weight, bias } = self;
        let weight = rows::<T, S, N>(weight, block.inputs);
        while sample < end {
            sample += match end - sample {
                _ if MANY => block.tile::<S, 6, N>(simd, sample, output, weight, bias),
                3.. => block.tile::<S, 3, N>(simd, sample, output, weight, bias),
                2.. => block.tile::<S, 2, N>(simd, sample, output, weight, bias),
                _ => block.tile::<S, 1, N>(simd, sample, output, weight, bias),
            };
        }
    }
}

impl<T: Lanes> Block<'_, T> {
    #[inline(always)]
    fn compute<S: Simd>(&mut self, simd: S, weight: &[T], bias: &[T]) {
        let mut output = 0;
        while output < self.outputs {
            let weight = &weight[output * self.inputs..];
            output += match self.outputs - output {
                4.. => self.all_samples::<S, 4>(simd, output, weight, bias),
                2.. => self.all_samples::<S, 2>(simd, output, weight, bias),
                _ => self.all_samples::<S, 1>(simd, output, weight, bias),
            };
        }
    }

    /// `N` outputs of all samples; says `N`.
    #[inline(always)]
    fn all_samples<S: Simd, const N: usize>(&mut self, simd: S, output: usize, weight: &[T], bias: &[T]) -> usize {
        let tiles_of_6 = const { N < 4 || S::REGISTER_COUNT >= 32 };
        let many = if tiles_of_6 { self.samples - self.samples % 6 } else { 0 };
        let (samples, rest) = (0..many, many..self.samples);
        if !samples.is_empty() {
            simd.vectorize(Band::<_, N, true> { block: &mut *self, samples, output, weight, bias });
        }
        if !rest.is_empty() {
            simd.vectorize(Band::<_, N, false> { block: self, samples: rest, output, weight, bias });
        }
        N
    }

    /// `N` outputs of `M` samples; says `M`.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(
        &mut self,
        simd: S,
        sample: usize,
        output: usize,
        weight: [Row<'_, T, S>; N],
        bias: &[T],
    ) -> usize {
        let input = rows::<T, S, M>(&self.input[sample * self.inputs..], self.inputs);
        let sums = products(simd, input, weight);
        unroll!(m < M, {
            let results = &mut self.output[(sample + m) * self.outputs + output..][..N];
            store_sums::<T, S, N>(simd, sums[m], &biases::<T, N>(bias, output), results);
        });
        M
    }
}

/// Those of `N` outputs from `output` on; 0, where there are none at all.
#[inline(always)]
pub(super) fn biases<T: Lanes, const N: usize>(bias: &[T], output: usize) -> [T; N] {
    let mut biases = [T::ZERO; N];
    if !bias.is_empty() {
        biases.copy_from_slice(&bias[output..][..N]);
    }
    biases
}

/// The whole vectors of a row, and the row.
pub(super) type Row<'a, T, S> = (&'a [<T as Lanes>::Lanes<S>], &'a [T]);

/// The first `N` rows of `len` scalars, a vector at least.
#[inline(always)]
pub(super) fn rows<T: Lanes, S: Simd, const N: usize>(scalars: &[T], len: usize) -> [Row<'_, T, S>; N] {
    let steps = len / T::count::<S>();
    let mut rows: [Row<'_, T, S>; N] = [(&[], &[]); N];
    unroll!(n < N, {
        let row = &scalars[n * len..][..len];
        // Says to the compiler that all rows have as many vectors.
        rows[n] = (&T::split::<S>(row).0[..steps], row);
    });
    rows
}

/// The products of each row of samples with each of weights; the sums of their lanes are still to be taken.
#[inline(always)]
pub(super) fn products<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    input: [Row<'_, T, S>; M],
    weight: [Row<'_, T, S>; N],
) -> [[T::Lanes<S>; N]; M] {
    let mut sums = [[T::splat(simd, T::ZERO); N]; M];
    let (whole, row) = input[0];
    for step in 0..whole.len() {
        accumulate::<T, S, M, N>(simd, &mut sums, |m| input[m].0[step], |n| weight[n].0[step]);
    }
    if !row.len().is_multiple_of(T::count::<S>()) {
        let mask = rest::<T, S>(row.len());
        let x = |m: usize| T::and(simd, mask, end::<T, S>(input[m].1));
        let w = |n: usize| T::and(simd, mask, end::<T, S>(weight[n].1));
        accumulate::<T, S, M, N>(simd, &mut sums, x, w);
    }
    sums
}

/// The vector that ends where the row does.
#[inline(always)]
fn end<T: Lanes, S: Simd>(row: &[T]) -> T::Lanes<S> {
    T::split::<S>(&row[row.len() - T::count::<S>()..]).0[0]
}

/// All bits of the lanes that a row of `len` scalars has left after its whole vectors, in the vector that ends with it.
#[inline(always)]
fn rest<T: Lanes, S: Simd>(len: usize) -> T::Lanes<S> {
    let lanes = T::count::<S>();
    T::split::<S>(&const { mask::<T>() }[LANES - lanes + len % lanes..][..lanes]).0[0]
}

/// Lanes without a bit, then lanes with all.
const fn mask<T: Lanes>() -> [T; 2 * LANES] {
    let mut mask = [T::ZERO; 2 * LANES];
    let mut lane = LANES;
    while lane < mask.len() {
        mask[lane] = T::ALL;
        lane += 1;
    }
    mask
}

/// One step along the inputs, in an order in which all sums, what there is less of, and one of the others are together in
/// registers: 12 sums, 3 samples and a weight are 16 (AVX2: 133 instead of 70 GFLOP/s).
#[inline(always)]
fn accumulate<T: Lanes, S: Simd, const M: usize, const N: usize>(
    simd: S,
    sums: &mut [[T::Lanes<S>; N]; M],
    input: impl Fn(usize) -> T::Lanes<S>,
    weight: impl Fn(usize) -> T::Lanes<S>,
) {
    let zero = T::splat(simd, T::ZERO);
    if const { M < N } {
        let mut x = [zero; M];
        unroll!(m < M, { x[m] = input(m) });
        unroll!(n < N, {
            let w = weight(n);
            unroll!(m < M, { sums[m][n] = T::mul_add(simd, x[m], w, sums[m][n]) });
        });
    } else {
        let mut w = [zero; N];
        unroll!(n < N, { w[n] = weight(n) });
        unroll!(m < M, {
            let x = input(m);
            unroll!(n < N, { sums[m][n] = T::mul_add(simd, x, w[n], sums[m][n]) });
        });
    }
}

/// The sum of the lanes of each vector and the bias; four are summed together (100 x 48 x 10: 112 instead of
/// 91 GFLOP/s).
#[inline(always)]
pub(crate) fn store_sums<T: Lanes, S: Simd, const N: usize>(
    simd: S,
    vectors: [T::Lanes<S>; N],
    bias: &[T],
    results: &mut [T],
) {
    if const { N < 4 } || T::count::<S>() < 4 {
        unroll!(n < N, { results[n] = T::sum(simd, vectors[n]) + bias[n] });
        return;
    }
    let vectors = vectors.as_chunks::<4>().0.iter();
    let slices = results.as_chunks_mut::<4>().0.iter_mut().zip(bias.as_chunks::<4>().0);
    for (vectors, (results, bias)) in vectors.zip(slices) {
        *results = T::sums(simd, *vectors, *bias);
    }
}
