//! The part of `pulp` that the products need, under one name for `f32` and `f64`.

use core::ops::Add;

use bytemuck::Pod;
use pulp::Simd;

/// A scalar that comes in vectors.
pub(super) trait Lanes: Pod + Add<Output = Self> {
    const ZERO: Self;
    /// One, as a slice of one coefficient.
    const ONE: &'static [Self];

    /// A register full of scalars.
    type Vector<S: Simd>: Pod;

    /// The whole vectors of a slice, and the scalars that are left.
    fn split<S: Simd>(slice: &[Self]) -> (&[Self::Vector<S>], &[Self]);
    /// [`split`](Self::split), mutably.
    fn split_mut<S: Simd>(slice: &mut [Self]) -> (&mut [Self::Vector<S>], &mut [Self]);
    /// All lanes the same.
    fn splat<S: Simd>(simd: S, scalar: Self) -> Self::Vector<S>;
    /// `a · b + c`, rounded once where that is one instruction.
    fn mul_add<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>, c: Self::Vector<S>) -> Self::Vector<S>;
    /// `a + b`.
    fn plus<S: Simd>(simd: S, a: Self::Vector<S>, b: Self::Vector<S>) -> Self::Vector<S>;
    /// Every lane moved by `amount`, what falls out at one end put in at the other.
    fn rotate<S: Simd>(simd: S, vector: Self::Vector<S>, amount: usize) -> Self::Vector<S>;
    /// The sum of the lanes.
    fn sum<S: Simd>(simd: S, vector: Self::Vector<S>) -> Self;
    /// Lanes `4 i + n` of the result are lanes of vector `n`.
    fn interleave<S: Simd>(simd: S, vectors: [Self::Vector<S>; 4]) -> [Self::Vector<S>; 4];
    /// At most a vector of scalars, then zeros.
    fn load<S: Simd>(simd: S, slice: &[Self]) -> Self::Vector<S>;
    /// The first lanes, as many as the slice takes.
    fn store<S: Simd>(simd: S, slice: &mut [Self], vector: Self::Vector<S>);

    /// The number of scalars in a vector.
    #[inline(always)]
    fn count<S: Simd>() -> usize {
        size_of::<Self::Vector<S>>() / size_of::<Self>()
    }
}

macro_rules! lanes {
    (
        $t:ident, $vector:ident, $split:ident, $split_mut:ident, $splat:ident, $mul_add:ident, $plus:ident, $rotate:ident,
        $sum:ident, $interleave:ident, $load:ident, $store:ident
    ) => {
        impl Lanes for $t {
            const ZERO: Self = 0.0;
            const ONE: &'static [Self] = &[1.0];

            type Vector<S: Simd> = S::$vector;

            #[inline(always)]
            fn split<S: Simd>(slice: &[Self]) -> (&[S::$vector], &[Self]) {
                S::$split(slice)
            }
            #[inline(always)]
            fn split_mut<S: Simd>(slice: &mut [Self]) -> (&mut [S::$vector], &mut [Self]) {
                S::$split_mut(slice)
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, scalar: Self) -> S::$vector {
                simd.$splat(scalar)
            }
            #[inline(always)]
            fn mul_add<S: Simd>(simd: S, a: S::$vector, b: S::$vector, c: S::$vector) -> S::$vector {
                simd.$mul_add(a, b, c)
            }
            #[inline(always)]
            fn plus<S: Simd>(simd: S, a: S::$vector, b: S::$vector) -> S::$vector {
                simd.$plus(a, b)
            }
            #[inline(always)]
            fn rotate<S: Simd>(simd: S, vector: S::$vector, amount: usize) -> S::$vector {
                simd.$rotate(vector, amount)
            }
            #[inline(always)]
            fn sum<S: Simd>(simd: S, vector: S::$vector) -> Self {
                simd.$sum(vector)
            }
            #[inline(always)]
            fn interleave<S: Simd>(simd: S, vectors: [S::$vector; 4]) -> [S::$vector; 4] {
                simd.$interleave(vectors)
            }
            #[inline(always)]
            fn load<S: Simd>(simd: S, slice: &[Self]) -> S::$vector {
                simd.$load(slice)
            }
            #[inline(always)]
            fn store<S: Simd>(simd: S, slice: &mut [Self], vector: S::$vector) {
                simd.$store(slice, vector);
            }
        }
    };
}
lanes!(
    f32,
    f32s,
    as_simd_f32s,
    as_mut_simd_f32s,
    splat_f32s,
    mul_add_e_f32s,
    add_f32s,
    rotate_right_f32s,
    reduce_sum_f32s,
    interleave_shfl_f32s,
    partial_load_f32s,
    partial_store_f32s
);
lanes!(
    f64,
    f64s,
    as_simd_f64s,
    as_mut_simd_f64s,
    splat_f64s,
    mul_add_e_f64s,
    add_f64s,
    rotate_right_f64s,
    reduce_sum_f64s,
    interleave_shfl_f64s,
    partial_load_f64s,
    partial_store_f64s
);
