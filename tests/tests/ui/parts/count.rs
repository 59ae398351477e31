//! As many names as sizes, and sizes in brackets.

use constgrad::prelude::*;

network! {
    struct Net(x: [8]) -> [4] {
        let (a, b) = x.split([2, 2, 4]);
        let (c, d) = x.split(4);
        a + b + c + d
    }
}

fn main() {}
