//! Layers, operators and the output are of scalars.

use constgrad::prelude::*;

network! {
    struct Activated(text: [usize; 16]) -> [16] {
        text.relu()
    }
}

network! {
    struct Scaled(text: [usize; 16], x: [16]) -> [16] {
        x * text
    }
}

network! {
    struct Joined(text: [usize; 16], x: [16]) -> [32] {
        concat(x, text)
    }
}

network! {
    struct Returned(text: [usize; 16]) -> [16] {
        text
    }
}

fn main() {}
