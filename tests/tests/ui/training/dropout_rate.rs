//! Not everything can be dropped.

use constgrad::prelude::*;

network! {
    struct Net(x: [8]) -> [8] {
        x.dropout(rate = 1.0).affine(8).dropout(rate = 50)
    }
}

fn main() {}
