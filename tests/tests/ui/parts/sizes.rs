//! The sizes of the parts are those of the whole.

use constgrad::prelude::*;

network! {
    struct Net(x: [2, 8]) -> [2, 3] {
        let (a, b) = x.relu().split([3, 4], axis = 1);
        let (c, d, e) = x.split([3, 5], axis = 1);
        a + c + d + e
    }
}

fn main() {}
