//! Sizes that the compiler cannot compute, or not use: one error each, wherever they are needed.

use constgrad::prelude::*;

const THREE: usize = 3;
const ZERO: usize = 0;
const GREAT: usize = usize::MAX;
const OTHER: u32 = 4;

network! {
    #[loss(mean_squared_error)]
    struct Underflow(x: [2]) -> [2] { x.affine(THREE - 4).affine(2) }
}

network! {
    struct Declared(x: [THREE - 4, 2]) -> [THREE - 5] {
        let y: [THREE - 6] = x.flatten().affine(2).affine(THREE - 6);
        y.affine(THREE - 5)
    }
}

network! {
    struct Divided<const D: usize>(x: [D]) -> [2] { x.affine(THREE / ZERO).affine(D).affine(2) }
}

network! {
    struct Great(x: [2]) -> [2] { x.affine(GREAT).affine(2 * GREAT).affine(2) }
}

network! {
    struct Image(x: [2, 8, 8]) -> [2] {
        x.conv2d(THREE - 4, kernel = ZERO, padding = THREE - 4).max_pool2d(2, stride = 1 / ZERO).flatten().affine(2)
    }
}

network! {
    struct Typed(x: [2]) -> [2] { x.affine(OTHER).affine::<OTHER, 2>() }
}

network! {
    struct Sequence(x: [ZERO, 4]) -> [4] { x.multi_head_attention(THREE - 4).rnn(UNKNOWN).last().affine(4) }
}

fn main() {}
