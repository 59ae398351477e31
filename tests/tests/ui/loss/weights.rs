//! A weight for each class.

use constgrad::prelude::*;

network! {
    #[loss(softmax_cross_entropy(class_weights = [1.0, 5.0, 2.0]))]
    struct Few(x: [16]) -> [4] {
        x.affine(4)
    }
}

const RARE: [f64; 3] = [1.0, 5.0, 2.0];
const CLASSES: usize = 4;

network! {
    #[loss(softmax_cross_entropy(class_weights = RARE))]
    struct OfConst(x: [16]) -> [8, CLASSES] {
        x.affine(8 * CLASSES).reshape([8, CLASSES])
    }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = RARE))]
    struct Generic<const K: usize>(x: [16]) -> [K] {
        x.affine(K)
    }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = 5.0))]
    struct Number(x: [16]) -> [4] {
        x.affine(4)
    }
}

fn main() {}
