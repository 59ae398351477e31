//! A network inside is random in training, so the one around it has to ask for random numbers.

use constgrad::prelude::*;

network! {
    struct Block<const D: usize>(x: [D]) -> [D] {
        x.affine(D).dropout(rate = 0.1)
    }
}

network! {
    struct Net<const D: usize>(x: [8], y: [D]) -> [8] {
        let inner: [D] = y.net::<Block<D>>();
        x.net::<Block<8>>() + inner.affine(8)
    }
}

fn main() {}
