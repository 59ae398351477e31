//! The padding of a transposed convolution takes away all that there is.

use constgrad::prelude::*;

network! {
    struct Net(x: [2, 2, 2]) -> [4] {
        x.conv_transpose2d(4, kernel = 2, padding = [0, 2]).global_avg_pool()
    }
}

fn main() {}
