//! A flag is true or false.

use constgrad::prelude::*;

network! {
    struct Net(x: [16, 12]) -> [10] {
        x.multi_head_attention(3, causal = 1).last().affine(10)
    }
}

fn main() {}
