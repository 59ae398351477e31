//! Attention is between positions, and a layer of vectors at each position makes no vector.

use constgrad::prelude::*;

network! {
    struct Net(x: [12]) -> [10] {
        x.multi_head_attention(3).last().affine(10)
    }
}

network! {
    struct Forgotten(x: [4, 12]) -> [10] {
        x.affine(10)
    }
}

fn main() {}
