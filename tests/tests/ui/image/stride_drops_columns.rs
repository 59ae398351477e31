//! A stride that leaves out columns is no mistake, but explains a shape.

use constgrad::prelude::*;

network! {
    struct Net(x: [1, 28, 28]) -> [10] {
        let small: [6, 13, 13] = x.conv2d(6, kernel = 3, stride = 2).max_pool2d(2, stride = 1, padding = 1).max_pool2d(3);
        small.flatten().affine(10)
    }
}

fn main() {}
