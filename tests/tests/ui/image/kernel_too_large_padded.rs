//! Not even the padding makes the image as large as a dilated kernel.

use constgrad::prelude::*;

network! {
    struct Net(x: [2, 12, 6]) -> [16] {
        x.conv2d(16, kernel = [1, 3], padding = [0, 1], dilation = 4).global_avg_pool()
    }
}

fn main() {}
