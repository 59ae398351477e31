//! What another network makes is a sequence if a `let` says so.

use constgrad::prelude::*;

network! {
    struct Block(x: [16, 8]) -> [16, 8] {
        x + x.layer_norm().affine(8)
    }
}

network! {
    struct Net(x: [16, 8]) -> [16, 10] {
        x.net::<Block>().affine(10)
    }
}

fn main() {}
