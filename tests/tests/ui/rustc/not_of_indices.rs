//! A network of scalars does not take indices.

use constgrad::prelude::*;

network! {
    struct Block(x: [16]) -> [16] {
        x.relu()
    }
}

network! {
    struct Net(text: [usize; 16]) -> [16] {
        text.net::<Block>()
    }
}

fn main() {}
