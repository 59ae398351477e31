//! Every function against its definition, in steps from one scalar to the next.

mod double;
mod reference;

use alloc::vec;
use alloc::vec::Vec;
use core::fmt::Debug;

use pulp::{Arch, Simd};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use super::Functions;
use crate::kernel::map::{Formula, Map};
use crate::kernel::tests::archs;
use crate::kernel::vector::Vector;
use reference::{Function, Reference};

impl<T: Functions> Formula<T, 1, 1> for Function {
    #[inline(always)]
    fn apply<S: Simd>(&self, [x]: [Vector<S, T>; 1], _: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [match self {
            Self::Exp => x.exp(),
            Self::Tanh => x.tanh(),
            Self::Sigmoid => x.sigmoid(),
            Self::TimesSigmoid => x.times_sigmoid(),
            Self::Ln => x.ln(),
            Self::Ln1pExpNegAbs => x.ln_1p_exp_neg_abs(),
            Self::Normal => x.normal(),
            Self::NormalDensity => x.normal_density(),
            Self::TimesNormal => x.times_normal(),
        }]
    }
}

/// Every function and how many steps its values may be from the rounded ones.
const FUNCTIONS: [(Function, u64); 9] = [
    (Function::Exp, 1),
    (Function::Tanh, 1),
    (Function::Sigmoid, 2),
    (Function::TimesSigmoid, 2),
    (Function::Ln, 1),
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

fn values<T: Functions>(arch: Arch, function: Function, x: &[T]) -> Vec<T> {
    let mut values = vec![T::ZERO; x.len()];
    arch.dispatch(Map { formula: function, read: [x], written: [&mut values] });
    values
}

/// Asserts that no function is further than it may be from its value at any of `x`; says how far each was at most.
fn check<T: Ordered>(x: &[T]) -> Vec<u64> {
    let check_function = |&(function, bound): &(Function, u64)| {
        let expected: Vec<T> = x.iter().map(|&x| T::value(function, x)).collect();
        let mut greatest = 0;
        for arch in archs() {
            for ((found, expected), x) in values(arch, function, x).into_iter().zip(&expected).zip(x) {
                let steps = steps(found, *expected);
                assert!(steps <= bound, "{function:?} of {x:?} is {expected:?}, not {found:?}, {steps} steps off: {arch:?}");
                greatest = greatest.max(steps);
            }
        }
        greatest
    };
    FUNCTIONS.iter().map(check_function).collect()
}

/// All `f32` whose bits are a multiple of `step`, in parts.
fn check_f32(step: usize) -> Vec<u64> {
    let mut greatest = vec![0; FUNCTIONS.len()];
    for part in 0..=u8::MAX {
        let start = u32::from(part) << 24;
        let x: Vec<f32> = (start..=start + 0x00ff_ffff).step_by(step).map(f32::from_bits).filter(|x| x.is_finite()).collect();
        greatest = greatest.iter().zip(check(&x)).map(|(&a, b)| a.max(b)).collect();
    }
    greatest
}

#[test]
fn values_in_f32_are_right_everywhere() {
    std::println!("{:?}", FUNCTIONS.iter().zip(check_f32(2003)).collect::<Vec<_>>());
}

#[test]
#[ignore = "takes an hour of a core; prints what the bounds could be"]
fn values_in_f32_are_right_for_every_scalar() {
    std::println!("{:?}", FUNCTIONS.iter().zip(check_f32(1)).collect::<Vec<_>>());
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
    std::println!("{:?}", FUNCTIONS.iter().zip(check(&x)).collect::<Vec<_>>());
}

#[test]
#[ignore]
fn bench() {
    fn time<T: Functions>(name: &str) {
        for len in [1024usize, 64, 512] {
            let x: Vec<T> = (0..len).map(|i| T::from_f64((i * 37 % 101) as f64 / 101.0 * 4.0 - 2.0)).collect();
            let mut y = x.clone();
            std::print!("{name} {len}: ");
            for (f, _) in FUNCTIONS {
                let n = 3_000_000 / len;
                let mut best = f64::MAX;
                for _ in 0..9 {
                    let s = std::time::Instant::now();
                    for _ in 0..n {
                        Arch::new().dispatch(Map { formula: f, read: [std::hint::black_box(&x[..])], written: [&mut y] });
                        std::hint::black_box(&mut y);
                    }
                    best = best.min(s.elapsed().as_secs_f64() / n as f64 / (len as f64 / 8.0));
                }
                std::print!("{f:?} {:.2}  ", best * 1e9);
            }
            std::println!(" ns/8");
        }
    }
    time::<f32>("f32");
    time::<f64>("f64");
}
