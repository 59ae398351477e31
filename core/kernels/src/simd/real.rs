//! What elementary functions need to know of a scalar type: its bits, and polynomials as exact as it is.

use pulp::Simd;

use super::lanes::Lanes;

/// `f32` or `f64`, as a formula sees it: a number in a [`Vector`](crate::Vector).
pub trait Real: Lanes {
    /// Three halves of the least power of two above which every scalar is an integer: adding it rounds to one.
    const ROUND: f64;
    /// A pattern of bits: the sign, the exponent and the upper half of the mantissa.
    const UPPER_HALF: Self;
    /// Below the first, `e^x` rounds to 0, above the second to infinity; between them its exponent needs few bits.
    const EXP_RANGE: [f64; 2];
    /// What `tanh` of is 1.
    const TANH_MAX: f64;
    /// From here on, `Φ(-x)` rounds to 0.
    const NORMAL_MAX: f64;

    /// The natural logarithm of 2, in two parts: the first times any exponent is exact.
    const LN_2: [f64; 2];
    /// `(e^x - 1 - x) / x²` where `|x| <= ln 2 / 2`.
    const EXP: &'static [f64];
    /// `(tanh x / x - 1) / x²` as a polynomial in `x²` where `|x| <= ln 2 / 4`.
    const TANH: &'static [f64];
    /// `(2 artanh s - 2 s) / s³` as a polynomial in `s²` where `|s| <= 0.2`.
    const LN: &'static [f64];
    /// `(1 + x) · Φ(-x) · e^(x²/2)` less 241/512, as a polynomial in `(x - 4) / (x + 4)`, up to `NORMAL_MAX`.
    const NORMAL: &'static [f64];

    /// `2^exponent`, for integers that are the exponent of a scalar of full precision.
    fn power_of_two<S: Simd>(simd: S, exponent: Self::Lanes<S>) -> Self::Lanes<S>;
}

impl Real for f32 {
    const ROUND: f64 = 1.5 * 8_388_608.0;
    const UPPER_HALF: Self = f32::from_bits(0xffff_f000);
    const EXP_RANGE: [f64; 2] = [-110.0, 100.0];
    const TANH_MAX: f64 = 10.0;
    const NORMAL_MAX: f64 = 14.7;

    const LN_2: [f64; 2] = [0.693_115_234_375, 0.000_031_946_184_95];
    const EXP: &'static [f64] = &[0.499_999_934, 0.166_665_203, 0.041_668_385_5, 0.008_368_754_11, 0.001_381_499_97];
    const TANH: &'static [f64] = &[-0.333_333_227, 0.133_311_759, -0.052_724_827_9];
    const LN: &'static [f64] = &[0.666_669_485, 0.399_576_919, 0.303_637_445];
    const NORMAL: &'static [f64] = &[
        0.001_350_081_84,
        -0.096_703_466_7,
        0.013_999_597_9,
        0.028_599_975_6,
        -0.032_197_301_8,
        0.017_940_215,
        -0.005_004_199_12,
        -0.000_303_630_237,
        0.000_692_582_962,
        -0.000_060_973_351_2,
        -0.000_071_767_379_3,
    ];

    #[inline(always)]
    fn power_of_two<S: Simd>(simd: S, exponent: S::f32s) -> S::f32s {
        // The exponent with its bias, in the lowest bits of a mantissa.
        let biased = simd.transmute_u32s_f32s(simd.add_f32s(exponent, simd.splat_f32s(8_388_608.0 + 127.0)));
        simd.transmute_f32s_u32s(simd.wrapping_dyn_shl_u32s(biased, simd.splat_u32s(23)))
    }
}

impl Real for f64 {
    const ROUND: f64 = 1.5 * 4_503_599_627_370_496.0;
    const UPPER_HALF: Self = f64::from_bits(0xffff_ffff_f800_0000);
    const EXP_RANGE: [f64; 2] = [-760.0, 720.0];
    const TANH_MAX: f64 = 20.0;
    const NORMAL_MAX: f64 = 39.0;

    const LN_2: [f64; 2] = [0.693_147_180_559_208_2, 7.371_002_565_167_799e-13];
    const EXP: &'static [f64] = &[
        0.500_000_000_000_001_1,
        0.166_666_666_666_664_13,
        0.041_666_666_666_529_55,
        0.008_333_333_333_494_154,
        0.001_388_888_894_381_140_2,
        0.000_198_412_695_079_391_04,
        0.000_024_801_492_892_557_022,
        2.755_758_453_282_660_4e-6,
        2.763_032_784_329_396_4e-7,
        2.500_084_303_450_479e-8,
    ];
    const TANH: &'static [f64] = &[
        -0.333_333_333_333_324_76,
        0.133_333_333_327_788_26,
        -0.053_968_252_773_533_92,
        0.021_869_370_085_152_893,
        -0.008_857_287_768_945_656,
        0.003_444_579_320_176_553,
    ];
    const LN: &'static [f64] = &[
        0.666_666_666_666_727_9,
        0.399_999_999_961_177_1,
        0.285_714_294_034_542_7,
        0.222_221_378_162_802_68,
        0.181_863_847_655_016_26,
        0.152_496_037_375_038_8,
        0.153_728_109_129_213_75,
    ];
    const NORMAL: &'static [f64] = &[
        0.001_350_081_509_844_680_8,
        -0.096_703_477_326_525_79,
        0.013_999_634_724_425_438,
        0.028_600_364_053_549_33,
        -0.032_197_837_428_087_973,
        0.017_936_097_479_720_727,
        -0.005_002_378_590_979_405,
        -0.000_285_623_098_646_097_5,
        0.000_694_897_103_619_447_9,
        -0.000_094_430_248_724_216_41,
        -0.000_087_853_175_949_708_81,
        0.000_021_250_026_039_876_017,
        0.000_013_626_831_820_768_446,
        -3.432_135_166_708_529e-6,
        -2.612_794_719_725_768e-6,
        4.043_803_708_364_028_3e-7,
        5.517_909_216_866_622e-7,
        1.553_658_848_274_802_2e-9,
        -1.107_655_428_083_398_2e-7,
        -1.992_000_711_821_777_6e-8,
        1.749_613_047_525_511_8e-8,
        6.208_248_872_711_394e-9,
        -1.499_417_239_076_554_8e-9,
        -7.704_529_227_760_526e-10,
    ];

    #[inline(always)]
    fn power_of_two<S: Simd>(simd: S, exponent: S::f64s) -> S::f64s {
        // The exponent with its bias, in the lowest bits of the upper word of a mantissa.
        let biased = simd.add_f64s(exponent, simd.splat_f64s(1_048_576.0 + 1023.0));
        shift::<S>(biased, |bits| bits << 20, |words| simd.wrapping_dyn_shl_u32s(words, simd.splat_u32s(20)))
    }
}

/// Shifts bits that stay within the upper word of each scalar: `pulp` shifts 32 bits, but not 64.
#[inline(always)]
fn shift<S: Simd>(scalars: S::f64s, one: impl FnOnce(u64) -> u64, words: impl FnOnce(S::u32s) -> S::u32s) -> S::f64s {
    if const { S::IS_SCALAR } {
        bytemuck::cast(one(bytemuck::cast(scalars)))
    } else {
        bytemuck::cast(words(bytemuck::cast(scalars)))
    }
}
