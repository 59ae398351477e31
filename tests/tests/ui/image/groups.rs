//! Groups that divide neither the channels of the input nor those of the output.

use constgrad::prelude::*;

network! {
    struct Net(x: [4, 9, 9]) -> [6] {
        let input = x.conv2d(6, kernel = 3, groups = 3).global_avg_pool();
        let output = x.conv2d(6, kernel = 3, groups = 4).global_avg_pool();
        input + output
    }
}

fn main() {}
