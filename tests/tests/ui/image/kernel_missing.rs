//! A convolution without a kernel.

use constgrad::prelude::*;

network! {
    struct Net(x: [1, 28, 28]) -> [16] {
        x.conv2d(16, padding = 1).global_avg_pool()
    }
}

fn main() {}
