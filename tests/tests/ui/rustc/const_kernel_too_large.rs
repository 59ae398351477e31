//! Sizes of images that only the compiler can compute.

use constgrad::prelude::*;

const SIDE: usize = 6;
const KERNEL: usize = 7;
const GROUPS: usize = 3;

network! {
    struct TooLarge(x: [1, SIDE, SIDE]) -> [4] {
        x.max_pool2d(KERNEL).global_avg_pool().affine(4)
    }
}

network! {
    struct Count(x: [1, SIDE, SIDE]) -> [4] {
        x.reshape([KERNEL, GROUPS]).flatten().affine(4)
    }
}

fn main() {}
