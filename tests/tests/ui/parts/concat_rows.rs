//! Rows of different length are not joined along the first axis.

use constgrad::prelude::*;

network! {
    struct Net(x: [2, 8], y: [3, 4]) -> [2, 12] {
        concat(x, y, axis = 1)
    }
}

fn main() {}
