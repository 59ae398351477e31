//! The size of a convolution cannot be a const parameter.

use constgrad::prelude::*;

network! {
    struct Net<const C: usize>(x: [1, 8, 8]) -> [8] {
        x.conv2d(C, kernel = 3).flatten().affine(8)
    }
}

fn main() {}
