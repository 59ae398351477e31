//! A fully connected layer takes a vector.

use constgrad::prelude::*;

network! {
    struct Net(x: [1, 28, 28]) -> [10] {
        x.max_pool2d(2).relu().affine(10)
    }
}

fn main() {}
