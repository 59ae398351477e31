//! A kernel has rows and columns, or columns only.

use constgrad::prelude::*;

network! {
    struct Net(x: [1, 28, 28], y: [1, 28]) -> [16] {
        let image = x.conv2d(16, kernel = [3, 3, 1]).global_avg_pool();
        let signal = y.conv1d(16, kernel = [3, 3]).flatten().affine(16);
        image + signal
    }
}

fn main() {}
