//! Every function against its definition, in steps from one scalar to the next.

mod double;
mod reference;

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;
use core::f64::consts::LN_2;
use core::fmt::Debug;

use pulp::{Arch, Simd};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use crate::formula::{Formula, Map};
use crate::simd::{Lanes, Real, Vector};
use crate::tests::archs;
use reference::{Function, Reference};

impl Formula<1, 1> for Function {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, [x]: [Vector<S, T>; 1], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [match self {
            Self::Exp => x.exp(),
            Self::ExpM1OfNegative => x.exp_m1_of_negative(),
            Self::Tanh => x.tanh(),
            Self::Sigmoid => x.sigmoid(),
            Self::TimesSigmoid => x.times_sigmoid(),
            Self::Ln1pExpNegAbs => x.ln_1p_exp_neg_abs(),
            Self::Normal => x.normal(),
            Self::NormalDensity => x.normal_density(),
            Self::TimesNormal => x.times_normal(),
        }]
    }

    compiled!(1, 1);
}

/// Every function and how many steps its values may be from the rounded ones.
const FUNCTIONS: [(Function, u64); 9] = [
    (Function::Exp, 1),
    (Function::ExpM1OfNegative, 2),
    (Function::Tanh, 2),
    (Function::Sigmoid, 2),
    (Function::TimesSigmoid, 2),
    (Function::Ln1pExpNegAbs, 2),
    (Function::Normal, 4),
    (Function::NormalDensity, 2),
    (Function::TimesNormal, 2),
];

/// Scalars in order.
trait Ordered: Reference + PartialOrd + Debug {
    /// The place in that order; both zeros have the same.
    fn place(self) -> i64;

    /// The scalars around `x`, that many on both sides.
    fn around(x: Self, steps: u32) -> Vec<Self>;
}

impl Ordered for f32 {
    fn place(self) -> i64 {
        let magnitude = i64::from(self.abs().to_bits());
        if self < 0.0 { -magnitude } else { magnitude }
    }

    fn around(x: Self, steps: u32) -> Vec<Self> {
        (0..=2 * steps).map(|step| f32::from_bits(x.to_bits() - steps + step)).collect()
    }
}

impl Ordered for f64 {
    fn place(self) -> i64 {
        let magnitude = self.abs().to_bits().cast_signed();
        if self < 0.0 { -magnitude } else { magnitude }
    }

    fn around(x: Self, steps: u32) -> Vec<Self> {
        (0..=2 * steps).map(|step| f64::from_bits(x.to_bits() - u64::from(steps) + u64::from(step))).collect()
    }
}

/// How many scalars further one is than the other; NaN is that far from all but NaN.
fn steps<T: Ordered>(a: T, b: T) -> u64 {
    if a.partial_cmp(&b).is_none() {
        return if a.partial_cmp(&a).is_none() && b.partial_cmp(&b).is_none() { 0 } else { u64::MAX };
    }
    a.place().abs_diff(b.place())
}

fn values<T: Real>(arch: Arch, function: Function, x: &[T]) -> Vec<T> {
    let mut values = vec![T::ZERO; x.len()];
    arch.dispatch(Map { formula: function, read: [x], written: [&mut values] });
    values
}

/// Asserts that no function is further than it may be from its value at any of `x`.
fn check<T: Ordered>(x: &[T]) {
    for (function, bound) in FUNCTIONS {
        let expected: Vec<T> = x.iter().map(|&x| T::value(function, x)).collect();
        for arch in archs() {
            for ((found, expected), x) in values(arch, function, x).into_iter().zip(&expected).zip(x) {
                let steps = steps(found, *expected);
                assert!(
                    steps <= bound,
                    "{function:?} of {x:?} is {expected:?}, not {found:?}, {steps} steps off: {arch:?}"
                );
            }
        }
    }
}

/// All `f32` whose bits are a multiple of `step`, in parts.
fn check_f32(step: usize) {
    for part in 0..=u8::MAX {
        let start = u32::from(part) << 24;
        let x: Vec<f32> =
            (start..=start + 0x00ff_ffff).step_by(step).map(f32::from_bits).filter(|x| x.is_finite()).collect();
        check(&x);
    }
}

#[test]
fn values_in_f32_are_right_everywhere() {
    check_f32(2003);
}

#[test]
#[ignore = "takes an hour of a core"]
fn values_in_f32_are_right_for_every_scalar() {
    check_f32(1);
}

#[test]
fn values_in_f64_are_right_everywhere() {
    let mut rng = SmallRng::seed_from_u64(1);
    let mut scalar = |exponents: core::ops::Range<i32>| {
        let magnitude = libm::scalbn(rng.random_range(1.0..2.0), rng.random_range(exponents));
        if rng.random() { magnitude } else { -magnitude }
    };
    let mut x: Vec<f64> = (0..100_000).map(|_| scalar(-8..10)).collect();
    x.extend((0..20_000).map(|_| scalar(-1074..1024)));
    check(&x);
}

/// Where a function changes from one formula to the other, or to its limit.
#[test]
fn values_are_right_where_formulas_meet() {
    for point in [0.5 * LN_2, 0.5, 0.65, LN_2, 1.0, 4.0, 10.0, 14.7, 20.0, 39.0, 87.34, 88.72, 103.97, 709.78, 745.13] {
        for x in [point, -point] {
            check(&f32::around(f32::from_f64(x), 500));
            check(&f64::around(x, 500));
        }
    }
}

/// Values at minus infinity, minus zero, zero, infinity and NaN.
#[test]
fn limits_are_exact() {
    fn check<T: Real + Debug + PartialEq>() {
        const NAN: f64 = f64::NAN;
        let x = [f64::NEG_INFINITY, -0.0, 0.0, f64::INFINITY, NAN].map(T::from_f64);
        for (function, expected) in [
            (Function::Exp, [0.0, 1.0, 1.0, f64::INFINITY, NAN]),
            (Function::Tanh, [-1.0, -0.0, 0.0, 1.0, NAN]),
            (Function::Sigmoid, [0.0, 0.5, 0.5, 1.0, NAN]),
            (Function::TimesSigmoid, [0.0, 0.0, 0.0, f64::INFINITY, NAN]),
            (Function::Normal, [0.0, 0.5, 0.5, 1.0, NAN]),
            (Function::TimesNormal, [0.0, 0.0, 0.0, f64::INFINITY, NAN]),
        ] {
            let expected = expected.map(T::from_f64);
            for arch in archs() {
                let found = values(arch, function, &x);
                assert_eq!(
                    format!("{:?}", &found[..]).replace("-0.0", "0.0"),
                    format!("{expected:?}").replace("-0.0", "0.0"),
                    "{function:?} in {arch:?}"
                );
            }
        }
        assert_eq!(format!("{:?}", values(Arch::new(), Function::Tanh, &x[1..3])), "[-0.0, 0.0]");
    }
    check::<f32>();
    check::<f64>();
}
