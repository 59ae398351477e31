//! A layer is shared by its name, with values of its shape.

use constgrad::prelude::*;

network! {
    struct Unknown(a: [8], b: [8]) -> [4] {
        let first = a.affine(4);
        first + b.shared(affine1)
    }
}

network! {
    struct NoLayer(a: [8], b: [8]) -> [8] {
        let first = a.relu();
        first + b.shared(first)
    }
}

network! {
    struct Misspelt(a: [8], b: [8]) -> [4] {
        let encoder = a.affine(4);
        encoder + b.shared(encodr)
    }
}

network! {
    struct Shapes(a: [8], b: [6]) -> [4] {
        let first = a.affine(4);
        first + b.affine(7).shared(first)
    }
}

network! {
    struct Indices(text: [usize; 8], x: [8]) -> [8, 4] {
        let first = text.embedding(10, 4);
        first + x.shared(first)
    }
}

network! {
    struct Nothing(a: [8], b: [8]) -> [4] {
        let first = a.affine(4);
        first + b.shared()
    }
}

fn main() {}
