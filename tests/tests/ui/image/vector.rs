//! An image is needed where there is a vector, a signal where there is an image.

use constgrad::prelude::*;

network! {
    struct Net(x: [784], y: [3, 5, 5]) -> [8] {
        let image = x.conv2d(8, kernel = 3).global_avg_pool();
        let signal = y.max_pool1d(2).flatten().affine(8);
        image + signal
    }
}

fn main() {}
