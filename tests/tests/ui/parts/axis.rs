//! An axis is one of those that there are, and a number.

use constgrad::prelude::*;

const AXIS: usize = 1;

network! {
    struct Net(x: [8], y: [4, 2]) -> [8] {
        let (a, b) = x.split([4, 4], axis = 1);
        let (c, d) = y.split([1, 1], axis = AXIS);
        let joined = concat(y, y, axis = 2);
        concat(a, b, c.flatten(), d.flatten(), joined.flatten())
    }
}

fn main() {}
