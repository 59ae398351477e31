//! A reshape takes a shape.

use constgrad::prelude::*;

network! {
    struct Net(x: [4, 4]) -> [10] {
        x.reshape(16).affine(10)
    }
}

fn main() {}
