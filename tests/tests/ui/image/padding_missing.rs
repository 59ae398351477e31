//! Convolutions without padding make an image smaller than what it is added to or joined with.

use constgrad::prelude::*;

network! {
    struct Residual(x: [1, 16, 16], skip: [64, 14, 14]) -> [64, 14, 14] {
        let body = x.conv2d(64, kernel = 3).conv2d(64, kernel = 3);
        body + skip
    }
}

network! {
    struct Wide(x: [2, 20]) -> [2, 20] {
        x - x.conv1d(2, kernel = 3, dilation = 2).tanh()
    }
}

network! {
    struct Joined(x: [1, 8, 8]) -> [5, 8, 8] {
        concat(x, x.conv2d(4, kernel = [1, 5],).relu())
    }
}

network! {
    /// Not for want of padding.
    struct Pooled(x: [4, 8, 8]) -> [4, 8, 8] {
        x * x.conv2d(4, kernel = 3).max_pool2d(2)
    }
}

fn main() {}
