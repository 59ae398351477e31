//! A window that saw nothing but padding would have no greatest scalar.

use constgrad::prelude::*;

network! {
    struct Net(x: [3, 8, 8]) -> [3] {
        x.max_pool2d(3, padding = 2).global_avg_pool()
    }
}

fn main() {}
