//! Heads divide the scalars of a position.

use constgrad::prelude::*;

network! {
    struct Net(x: [16, 12]) -> [10] {
        x.affine(20).multi_head_attention(3, causal = true).last().affine(10)
    }
}

fn main() {}
