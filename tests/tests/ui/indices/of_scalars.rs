//! An embedding is of indices.

use constgrad::prelude::*;

network! {
    struct Net(x: [16]) -> [10] {
        x.relu().embedding(100, 8).flatten().affine(10)
    }
}

fn main() {}
