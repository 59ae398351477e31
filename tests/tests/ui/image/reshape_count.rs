//! A reshape keeps all scalars.

use constgrad::prelude::*;

network! {
    struct Net(x: [4, 4, 16]) -> [10] {
        x.max_pool2d(2).reshape([4, 8]).flatten().affine(10)
    }
}

fn main() {}
