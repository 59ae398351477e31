//! The part of `pulp` that the kernels need, under one name for `f32` and `f64`.

use core::ops::{Add, Mul};

use bytemuck::Pod;
use pulp::Simd;

/// The most lanes of a vector.
pub(super) const LANES: usize = 16;

/// A scalar that comes in vectors.
pub(crate) trait Lanes:
    Pod + PartialOrd + Add<Output = Self> + Mul<Output = Self> + From<u8> + Into<f64> + Send + Sync
{
    const ZERO: Self;
    const ONE: Self;
    /// All bits set: not a number.
    const ALL: Self;

    /// A register full of scalars.
    type Lanes<S: Simd>: Pod;
    /// A truth value for each lane.
    type Mask<S: Simd>: Copy;

    /// The nearest scalar.
    fn from_f64(value: f64) -> Self;

    /// The whole vectors of a slice, and the scalars that are left.
    fn split<S: Simd>(slice: &[Self]) -> (&[Self::Lanes<S>], &[Self]);
    /// [`split`](Self::split), mutably.
    fn split_mut<S: Simd>(slice: &mut [Self]) -> (&mut [Self::Lanes<S>], &mut [Self]);
    /// All lanes the same.
    fn splat<S: Simd>(simd: S, scalar: Self) -> Self::Lanes<S>;
    /// `a · b + c`, rounded once where that is one instruction.
    fn mul_add<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>, c: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `a + b`.
    fn plus<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `a - b`.
    fn minus<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `a · b`.
    fn times<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `a / b`.
    fn over<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `-a`.
    fn negated<S: Simd>(simd: S, a: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `|a|`.
    fn abs<S: Simd>(simd: S, a: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `√a`.
    fn sqrt<S: Simd>(simd: S, a: Self::Lanes<S>) -> Self::Lanes<S>;
    /// The bits that are set in both.
    fn and<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// The bits that are set in one.
    fn or<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// `a <= b`; false where one is NaN.
    fn at_most<S: Simd>(simd: S, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Mask<S>;
    /// `a` where the mask is true, otherwise `b`.
    fn select<S: Simd>(simd: S, mask: Self::Mask<S>, a: Self::Lanes<S>, b: Self::Lanes<S>) -> Self::Lanes<S>;
    /// The sum of the lanes.
    fn sum<S: Simd>(simd: S, vector: Self::Lanes<S>) -> Self;
    /// Lanes `4 i + n` of the result are lanes of vector `n`.
    fn interleave<S: Simd>(simd: S, vectors: [Self::Lanes<S>; 4]) -> [Self::Lanes<S>; 4];
    /// At most a vector of scalars, then zeros.
    fn load<S: Simd>(simd: S, slice: &[Self]) -> Self::Lanes<S>;
    /// The first lanes, as many as the slice takes.
    fn store<S: Simd>(simd: S, slice: &mut [Self], vector: Self::Lanes<S>);

    /// The number of scalars in a vector.
    #[inline(always)]
    fn count<S: Simd>() -> usize {
        size_of::<Self::Lanes<S>>() / size_of::<Self>()
    }
}

/// Passes calls on to the methods of `pulp` for one scalar type.
macro_rules! lanes {
    ($t:ident, $lanes:ident, $mask:ident, { $($name:ident($($argument:ident: $kind:ident),*) -> $result:ident = $method:ident;)* },
        $split:ident, $split_mut:ident, $splat:ident, $sum:ident, $interleave:ident, $load:ident, $store:ident
    ) => {
        impl Lanes for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const ALL: Self = Self::from_bits(!0);

            type Lanes<S: Simd> = S::$lanes;
            type Mask<S: Simd> = S::$mask;

            #[inline(always)]
            #[allow(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            $(
                #[inline(always)]
                fn $name<S: Simd>(simd: S, $($argument: Self::$kind<S>),*) -> Self::$result<S> {
                    simd.$method($($argument),*)
                }
            )*
            #[inline(always)]
            fn split<S: Simd>(slice: &[Self]) -> (&[S::$lanes], &[Self]) {
                S::$split(slice)
            }
            #[inline(always)]
            fn split_mut<S: Simd>(slice: &mut [Self]) -> (&mut [S::$lanes], &mut [Self]) {
                S::$split_mut(slice)
            }
            #[inline(always)]
            fn splat<S: Simd>(simd: S, scalar: Self) -> S::$lanes {
                simd.$splat(scalar)
            }
            #[inline(always)]
            fn sum<S: Simd>(simd: S, vector: S::$lanes) -> Self {
                simd.$sum(vector)
            }
            #[inline(always)]
            fn interleave<S: Simd>(simd: S, vectors: [S::$lanes; 4]) -> [S::$lanes; 4] {
                simd.$interleave(vectors)
            }
            #[inline(always)]
            fn load<S: Simd>(simd: S, slice: &[Self]) -> S::$lanes {
                simd.$load(slice)
            }
            #[inline(always)]
            fn store<S: Simd>(simd: S, slice: &mut [Self], vector: S::$lanes) {
                simd.$store(slice, vector);
            }
        }
    };
}
lanes!(
    f32,
    f32s,
    m32s,
    {
        mul_add(a: Lanes, b: Lanes, c: Lanes) -> Lanes = mul_add_e_f32s;
        plus(a: Lanes, b: Lanes) -> Lanes = add_f32s;
        minus(a: Lanes, b: Lanes) -> Lanes = sub_f32s;
        times(a: Lanes, b: Lanes) -> Lanes = mul_f32s;
        over(a: Lanes, b: Lanes) -> Lanes = div_f32s;
        negated(a: Lanes) -> Lanes = neg_f32s;
        abs(a: Lanes) -> Lanes = abs_f32s;
        sqrt(a: Lanes) -> Lanes = sqrt_f32s;
        and(a: Lanes, b: Lanes) -> Lanes = and_f32s;
        or(a: Lanes, b: Lanes) -> Lanes = or_f32s;
        at_most(a: Lanes, b: Lanes) -> Mask = less_than_or_equal_f32s;
        select(mask: Mask, a: Lanes, b: Lanes) -> Lanes = select_f32s;
    },
    as_simd_f32s,
    as_mut_simd_f32s,
    splat_f32s,
    reduce_sum_f32s,
    interleave_shfl_f32s,
    partial_load_f32s,
    partial_store_f32s
);
lanes!(
    f64,
    f64s,
    m64s,
    {
        mul_add(a: Lanes, b: Lanes, c: Lanes) -> Lanes = mul_add_e_f64s;
        plus(a: Lanes, b: Lanes) -> Lanes = add_f64s;
        minus(a: Lanes, b: Lanes) -> Lanes = sub_f64s;
        times(a: Lanes, b: Lanes) -> Lanes = mul_f64s;
        over(a: Lanes, b: Lanes) -> Lanes = div_f64s;
        negated(a: Lanes) -> Lanes = neg_f64s;
        abs(a: Lanes) -> Lanes = abs_f64s;
        sqrt(a: Lanes) -> Lanes = sqrt_f64s;
        and(a: Lanes, b: Lanes) -> Lanes = and_f64s;
        or(a: Lanes, b: Lanes) -> Lanes = or_f64s;
        at_most(a: Lanes, b: Lanes) -> Mask = less_than_or_equal_f64s;
        select(mask: Mask, a: Lanes, b: Lanes) -> Lanes = select_f64s;
    },
    as_simd_f64s,
    as_mut_simd_f64s,
    splat_f64s,
    reduce_sum_f64s,
    interleave_shfl_f64s,
    partial_load_f64s,
    partial_store_f64s
);
