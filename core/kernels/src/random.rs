//! Random masks: each place is kept or not by a number of its own, so that threads and vectors may take them in any order.

use crate::simd::Real;

plain! {
    /// `1 / (1 - rate)` at places that are kept, 0 at a share `rate` of them, as `seed` says.
    pub struct RandomMask = random_mask {
        /// What all follows from.
        pub seed: u64,
        /// The share of zeros, from 0 to less than 1.
        pub rate: f64,
        /// What is filled.
        pub mask: &'a mut [T],
    }
}

/// `1 / (1 - rate)` at places that are kept, 0 at a share `rate` of them, as `seed` says.
#[inline(always)]
fn random_mask<T: Real>(seed: u64, rate: f64, mask: &mut [T]) {
    let kept = T::from_f64(1.0 / (1.0 - rate));
    // A share `rate` of all numbers of 32 bits is below.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate is between 0 and 1")]
    let limit = (rate * f64::from(u32::MAX)) as u32;
    #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
    let (low, high) = (seed as u32, (seed >> 32) as u32);
    for (place, factor) in (0_u32..).zip(mask) {
        *factor = if mix(mix(place ^ low) ^ high) < limit { T::ZERO } else { kept };
    }
}

/// Every bit of the result depends on every bit of the number (Wellons, "Prospecting for Hash Functions", 2018: `lowbias32`).
#[inline(always)]
fn mix(mut number: u32) -> u32 {
    number ^= number >> 16;
    number = number.wrapping_mul(0x7feb_352d);
    number ^= number >> 15;
    number = number.wrapping_mul(0x846c_a68b);
    number ^ (number >> 16)
}
