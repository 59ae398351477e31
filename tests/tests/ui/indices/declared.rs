//! An input of indices says `usize`, and has one dimension.

use constgrad::prelude::*;

network! {
    struct Bytes(text: [u8; 16]) -> [16, 8] {
        text.embedding(100, 8)
    }
}

network! {
    struct Floats(x: [f32; 16]) -> [10] {
        x.affine(10)
    }
}

network! {
    struct Lines(text: [usize; 4, 16]) -> [16, 8] {
        text.embedding(100, 8)
    }
}

network! {
    struct Asserted(text: [usize; 16]) -> [16, 8] {
        let vectors: [f32; 16] = text.embedding(100, 8);
        vectors.relu()
    }
}

network! {
    struct Any<const L: usize>(text: [usize; L]) -> [8] {
        text.embedding(100, 8).last()
    }
}

network! {
    struct Half(text: [usize; 16]) -> [8] {
        text.embedding(100).last()
    }
}

fn main() {}
