//! A vector that is as long as two axes may belong to either.

use constgrad::prelude::*;

const SIZE: usize = 4;

network! {
    struct Gated(image: [3, 3, 8], x: [2]) -> [3, 3, 8] {
        let gates = x.affine(3).sigmoid();
        image * gates
    }
}

network! {
    struct Biased(bias: [SIZE], x: [SIZE, SIZE]) -> [SIZE, SIZE] { bias + x }
}

network! {
    /// Only one of two operands is repeated.
    struct Outer(row: [1, 4], column: [3, 1]) -> [3, 4] { row + column }
}

network! {
    /// A size that only the compiler knows is as long as none.
    struct Unknown(x: [2, 4], y: [SIZE]) -> [2, 4] { x + y }
}

fn main() {}
