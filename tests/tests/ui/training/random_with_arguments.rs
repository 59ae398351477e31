//! `#[random]` stands by itself.

use constgrad::prelude::*;

network! {
    #[random(seed = 1)]
    struct Net(x: [8]) -> [8] {
        x.dropout()
    }
}

fn main() {}
