//! The window of a pool is larger than a signal.

use constgrad::prelude::*;

network! {
    struct Net(x: [3, 4]) -> [3, 1] {
        x.max_pool1d(5)
    }
}

fn main() {}
