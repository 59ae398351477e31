//! The part of `pulp` that the kernels need, under one name for `f32` and `f64`.

use core::fmt::Debug;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, Sub, SubAssign};

use bytemuck::Pod;
use pulp::Simd;

/// The most lanes of a vector.
pub(crate) const LANES: usize = 16;

/// A scalar that comes in vectors.
pub trait Lanes:
    Pod
    + Debug
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + AddAssign
    + SubAssign
    + DivAssign
    + From<u8>
    + Into<f64>
    + Send
    + Sync
{
    const ZERO: Self;
    const ONE: Self;
    const NEG_INFINITY: Self;
    /// The root of the least normal scalar: a product of two that are no smaller is not subnormal.
    const TINY: Self;
    /// All bits set: not a number.
    const ALL: Self;
    /// The least that is not subnormal.
    const LEAST_NORMAL: Self;

    /// A register full of scalars.
    type Lanes<S: Simd>: Pod;
    /// A truth value for each lane.
    type Mask<S: Simd>: Copy;

    /// The nearest scalar.
    fn from_f64(value: f64) -> Self;
    /// The same value, exactly.
    fn to_f64(self) -> f64 {
        self.into()
    }
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
    /// `|self|`.
    fn magnitude(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;

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
    /// Four sums: that of the lanes of each vector, of 4 lanes at least, and what stands in its place in `terms`.
    fn sums<S: Simd>(simd: S, vectors: [Self::Lanes<S>; 4], terms: [Self; 4]) -> [Self; 4];
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
    ($t:ident, $tiny:literal, $ln:ident, $lanes:ident, $mask:ident, { $($name:ident($($argument:ident: $kind:ident),*) -> $result:ident = $method:ident;)* },
        $split:ident, $split_mut:ident, $splat:ident, $sum:ident, $sums:ident, $load:ident, $store:ident
    ) => {
        impl Lanes for $t {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            const NEG_INFINITY: Self = Self::NEG_INFINITY;
            const TINY: Self = $tiny;
            const ALL: Self = Self::from_bits(!0);
            const LEAST_NORMAL: Self = Self::MIN_POSITIVE;

            type Lanes<S: Simd> = S::$lanes;
            type Mask<S: Simd> = S::$mask;

            #[inline(always)]
            #[allow(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
            #[inline(always)]
            fn magnitude(self) -> Self {
                self.abs()
            }
            #[inline(always)]
            fn ln(self) -> Self {
                #[cfg(feature = "std")]
                return self.ln();
                #[cfg(not(feature = "std"))]
                libm::$ln(self)
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
            fn sums<S: Simd>(simd: S, vectors: [S::$lanes; 4], terms: [Self; 4]) -> [Self; 4] {
                $sums(simd, vectors, terms)
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
    1.084_202_2e-19,
    logf,
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
    sums_f32s,
    partial_load_f32s,
    partial_store_f32s
);
lanes!(
    f64,
    1.491_668_146_240_041_3e-154,
    log,
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
    sums_f64s,
    partial_load_f64s,
    partial_store_f64s
);

#[inline(always)]
fn sums_f64s<S: Simd>(simd: S, vectors: [S::f64s; 4], terms: [f64; 4]) -> [f64; 4] {
    let [a, b, c, d] = simd.interleave_shfl_f64s(vectors);
    sum_of_quarters::<f64, S>(simd.add_f64s(simd.add_f64s(a, b), simd.add_f64s(c, d)), terms)
}

#[inline(always)]
fn sums_f32s<S: Simd>(simd: S, vectors: [S::f32s; 4], terms: [f32; 4]) -> [f32; 4] {
    #[cfg(target_arch = "x86_64")]
    if let Some(sums) = x86::sums(simd, vectors, terms) {
        return sums;
    }
    let [a, b, c, d] = simd.interleave_shfl_f32s(vectors);
    sum_of_quarters::<f32, S>(simd.add_f32s(simd.add_f32s(a, b), simd.add_f32s(c, d)), terms)
}

/// The sums of every fourth lane, and `terms`.
#[inline(always)]
fn sum_of_quarters<T: Lanes, S: Simd>(vector: T::Lanes<S>, mut terms: [T; 4]) -> [T; 4] {
    for lanes in bytemuck::cast_slice::<_, [T; 4]>(core::slice::from_ref(&vector)) {
        terms = core::array::from_fn(|n| terms[n] + lanes[n]);
    }
    terms
}

/// Sums between the shuffles, for which `pulp` has no name. What stands between two tiles keeps the multiply-adds of the next
/// from beginning (128 x 784 x 512, Zen 4: 113 instead of 110 GFLOP/s of 117).
#[cfg(target_arch = "x86_64")]
mod x86 {
    use core::any::Any;
    use core::arch::x86_64::{__m128, __m256, __m512};

    use bytemuck::{Pod, cast};
    use pulp::Simd;
    use pulp::x86::{V3, V4};

    /// As [`Lanes::sums`](super::Lanes::sums), where `simd` is one of these instruction sets.
    #[inline(always)]
    pub(super) fn sums<S: Simd, V: Pod>(simd: S, [a, b, c, d]: [V; 4], terms: [f32; 4]) -> Option<[f32; 4]> {
        let simd: &dyn Any = &simd;
        let sums = if let Some(&simd) = simd.downcast_ref::<V4>() {
            sums_512(simd, [cast(a), cast(b), cast(c), cast(d)], cast(terms))
        } else {
            sums_256(*simd.downcast_ref::<V3>()?, [cast(a), cast(b), cast(c), cast(d)], cast(terms))
        };
        Some(cast(sums))
    }

    #[inline(always)]
    fn sums_512(simd: V4, [a, b, c, d]: [__m512; 4], terms: __m128) -> __m128 {
        let V4 { avx512f, .. } = simd;
        // In each 128 bits two parts of two sums: a b a b, c d c d.
        let ab = avx512f._mm512_add_ps(avx512f._mm512_unpacklo_ps(a, b), avx512f._mm512_unpackhi_ps(a, b));
        let cd = avx512f._mm512_add_ps(avx512f._mm512_unpacklo_ps(c, d), avx512f._mm512_unpackhi_ps(c, d));
        let low = avx512f._mm512_shuffle_ps::<0b01_00_01_00>(ab, cd);
        let abcd = avx512f._mm512_add_ps(low, avx512f._mm512_shuffle_ps::<0b11_10_11_10>(ab, cd));
        let high = avx512f._mm512_shuffle_f32x4::<0b11_10_11_10>(abcd, abcd);
        halves(*simd, avx512f._mm512_castps512_ps256(avx512f._mm512_add_ps(abcd, high)), terms)
    }

    #[inline(always)]
    fn sums_256(simd: V3, [a, b, c, d]: [__m256; 4], terms: __m128) -> __m128 {
        let V3 { avx, .. } = simd;
        let ab = avx._mm256_add_ps(avx._mm256_unpacklo_ps(a, b), avx._mm256_unpackhi_ps(a, b));
        let cd = avx._mm256_add_ps(avx._mm256_unpacklo_ps(c, d), avx._mm256_unpackhi_ps(c, d));
        let low = avx._mm256_shuffle_ps::<0b01_00_01_00>(ab, cd);
        halves(simd, avx._mm256_add_ps(low, avx._mm256_shuffle_ps::<0b11_10_11_10>(ab, cd)), terms)
    }

    /// The sums of lanes `4 i + n`, and `terms`.
    #[inline(always)]
    fn halves(simd: V3, abcd: __m256, terms: __m128) -> __m128 {
        let V3 { avx, sse, .. } = simd;
        let sums = sse._mm_add_ps(avx._mm256_castps256_ps128(abcd), avx._mm256_extractf128_ps::<1>(abcd));
        sse._mm_add_ps(sums, terms)
    }
}
