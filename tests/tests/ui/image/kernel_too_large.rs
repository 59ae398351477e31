//! The kernel is larger than the image, which a pool made smaller.

use constgrad::prelude::*;

network! {
    struct Net(x: [1, 8, 28]) -> [16] {
        x.max_pool2d(2).conv2d(16, kernel = 5).global_avg_pool()
    }
}

fn main() {}
