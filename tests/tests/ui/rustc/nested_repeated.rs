//! The macro does not know that the value of a network is a single scalar, and so cannot repeat it.

use constgrad::network;

network! {
    pub struct Gate(x: [3]) -> [1] { x.affine(1).sigmoid() }
}

network! {
    pub struct Gated(x: [3]) -> [3] {
        let gate = x.net::<Gate>();
        x * gate
    }
}

network! {
    pub struct Said(x: [3]) -> [3] {
        let gate: [1] = x.net::<Gate>();
        x * gate
    }
}

fn main() {}
