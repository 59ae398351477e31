//! Each part has a name.

use constgrad::prelude::*;

network! {
    struct Net(x: [8]) -> [8] {
        let all = x.split([3, 5]);
        let (one, two) = x.relu();
        all + x.split([4, 4]) + one + two
    }
}

fn main() {}
