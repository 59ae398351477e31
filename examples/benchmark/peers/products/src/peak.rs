//! What the machine can do: fused multiply-adds that wait for nothing.

use std::hint::black_box;

use harness::Clock;
use pulp::{Arch, Simd, WithSimd};

/// The microseconds of a billion operations, in the widest vectors of the machine.
pub fn measure() -> f64 {
    // The most that some machines have registers for, and the fewest that keep others busy.
    measure_chains::<12>().min(measure_chains::<24>())
}

fn measure_chains<const N: usize>() -> f64 {
    let arch = Arch::new();
    let mut operations = 0;
    let us = Clock::PRODUCT.time(|| operations = arch.dispatch(Chains::<N>));
    us * 1e9 / operations as f64
}

/// `N` sequences of multiply-adds side by side; gives the number of operations.
struct Chains<const N: usize>;

impl<const N: usize> WithSimd for Chains<N> {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> usize {
        const STEPS: usize = 10_000;
        let (factor, summand) = black_box((simd.splat_f32s(0.999), simd.splat_f32s(0.001)));
        let mut chains = [simd.splat_f32s(1.0); N];
        for _ in 0..STEPS {
            for value in &mut chains {
                *value = simd.mul_add_e_f32s(*value, factor, summand);
            }
        }
        black_box(chains);
        2 * STEPS * N * S::F32_LANES
    }
}
