//! Options that are numbers, each in a range of its own.

use constgrad::prelude::*;

network! {
    #[loss(huber(delta = -1.0))]
    struct Negative(x: [4]) -> [2] { x.affine(2).leaky_relu(slope = 0.1f32) }
}

network! {
    #[loss(softmax_cross_entropy(label_smoothing = 10))]
    struct Smooth(x: [4]) -> [2] { x.affine(2).dropout(rate = -0.5).affine(2) }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = [1., -2.]))]
    struct Lighter(x: [4]) -> [2] { x.affine(2) }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = [0, 0.0]))]
    struct Weightless(x: [4]) -> [2] { x.affine(2) }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = [1, 2, 3]))]
    struct Many(x: [4]) -> [2] { x.affine(2) }
}

fn main() {}
