//! The functions as they are defined: from `f64` for `f32`, from [`Double`] for `f64`.

use core::f64::consts::FRAC_1_SQRT_2;

use super::double::Double;
use crate::simd::Real;

/// The functions under test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Function {
    Exp,
    ExpM1OfNegative,
    Tanh,
    Sigmoid,
    TimesSigmoid,
    Ln1pExpNegAbs,
    Normal,
    NormalDensity,
    TimesNormal,
}

/// A scalar type with a reference.
pub(super) trait Reference: Real {
    /// The value of `function` at `x`, a number, rounded once; where it is subnormal, perhaps twice.
    fn value(function: Function, x: Self) -> Self;
}

impl Reference for f32 {
    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
    fn value(function: Function, x: f32) -> f32 {
        let x = f64::from(x);
        let sigmoid = |x: f64| if x < 0.0 { libm::exp(x) / (1.0 + libm::exp(x)) } else { 1.0 / (1.0 + libm::exp(-x)) };
        let normal = |x: f64| 0.5 * libm::erfc(-x * FRAC_1_SQRT_2);
        let value = match function {
            Function::Exp => libm::exp(x),
            Function::ExpM1OfNegative => libm::expm1(x.min(0.0)),
            Function::Tanh => libm::tanh(x),
            Function::Sigmoid => sigmoid(x),
            Function::TimesSigmoid => x * sigmoid(x),
            Function::Ln1pExpNegAbs => libm::log1p(libm::exp(-x.abs())),
            Function::Normal => normal(x),
            Function::NormalDensity => INVERSE_SQRT_2_PI.0 * libm::exp(-0.5 * x * x),
            Function::TimesNormal => x * normal(x),
        };
        value as f32
    }
}

const INVERSE_SQRT_2_PI: Double = Double(0.398_942_280_401_432_7, -2.492_327_202_277_73e-17);

impl Reference for f64 {
    fn value(function: Function, x: f64) -> f64 {
        let (number, exponent) = exact(function, x);
        libm::scalbn(number.rounded(), exponent)
    }
}

/// A number times a power of two.
type Scaled = (Double, i32);

fn exact(function: Function, x: f64) -> Scaled {
    match function {
        Function::Exp => power(Double::from(x.clamp(-800.0, 800.0))),
        // The second term of the series is too small to be seen, and the arithmetic below would lose the first.
        Function::ExpM1OfNegative if x > -1e-20 => (Double::from(x.min(0.0)), 0),
        Function::ExpM1OfNegative => (exp_m1(Double::from(x.max(-40.0))), 0),
        Function::Tanh if x.abs() < 1e-10 => (Double::from(x), 0),
        Function::Tanh => (tanh(x.clamp(-40.0, 40.0)), 0),
        Function::Sigmoid => sigmoid(x),
        Function::TimesSigmoid => times(x.max(-800.0), sigmoid(x)),
        Function::Ln1pExpNegAbs => {
            let power = power(Double::from(-x.abs().min(800.0)));
            // As above.
            if x.abs() > 80.0 { power } else { (number(power).ln_1p(), 0) }
        }
        Function::Normal => normal(x.clamp(-40.0, 40.0)),
        Function::NormalDensity => density(x.clamp(-40.0, 40.0)),
        Function::TimesNormal => times(x.max(-40.0), normal(x.clamp(-40.0, 40.0))),
    }
}

fn number((number, exponent): Scaled) -> Double {
    number * Double::from(libm::scalbn(1.0, exponent))
}

fn times(factor: f64, (number, exponent): Scaled) -> Scaled {
    (Double::from(factor) * number, exponent)
}

/// `e^x`.
fn power(x: Double) -> Scaled {
    #[expect(clippy::cast_possible_truncation, reason = "an integer of four digits")]
    let exponent = (x.0 / Double::LN_2.0).round() as i32;
    (Double::ONE + (x - Double::from(f64::from(exponent)) * Double::LN_2).exp_m1(), exponent)
}

fn exp_m1(x: Double) -> Double {
    if x.0.abs() < 1.0 { x.exp_m1() } else { number(power(x)) - Double::ONE }
}

fn tanh(x: f64) -> Double {
    let excess = exp_m1(Double::from(2.0 * x));
    excess / (excess + Double::from(2.0))
}

fn sigmoid(x: f64) -> Scaled {
    let (mantissa, exponent) = power(Double::from(-x.abs().min(800.0)));
    let sum = Double::ONE + number((mantissa, exponent));
    if x < 0.0 { (mantissa / sum, exponent) } else { (Double::ONE / sum, 0) }
}

fn density(x: f64) -> Scaled {
    let (mantissa, exponent) = power(Double::from(-0.5 * x) * Double::from(x));
    (INVERSE_SQRT_2_PI * mantissa, exponent)
}

/// Near 0 `½ + φ(x) · (x + x³/3 + x⁵/(3·5) + …)`, else `Φ(-x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …))))`.
fn normal(x: f64) -> Scaled {
    let double = Double::from(x);
    let (mantissa, exponent) = density(x);
    if x.abs() < 4.0 {
        let factor = |n: u32| double * double / Double::from(f64::from(2 * n + 1));
        let series = (1..90).rev().fold(Double::ONE, |sum, n| Double::ONE + factor(n) * sum);
        return (Double::from(0.5) + number((mantissa, exponent)) * double * series, 0);
    }
    let double = Double::from(x.abs());
    let fraction = (1..80).rev().fold(double, |rest, n| double + Double::from(f64::from(n)) / rest);
    let tail = (mantissa / fraction, exponent);
    if x < 0.0 { tail } else { (Double::ONE - number(tail), 0) }
}
