//! Options that only the compiler can evaluate: `cargo check` finds each mistake, where it is written.

use constgrad::prelude::*;

const MINUS: f64 = -1.0;
const NAN: f64 = f64::NAN;
const INFINITE: f64 = f64::INFINITY;
const SINGLE: f32 = 0.5;
const WEIGHTS: [f64; 2] = [1.0, f64::INFINITY];
const NOTHING: [f64; 2] = [0.0, 0.0];
const THREE: [f64; 3] = [1.0; 3];

network! {
    #[loss(huber(delta = MINUS))]
    struct Delta(x: [4]) -> [2] { x.affine(2).leaky_relu(slope = NAN).elu(alpha = NAN).dropout(rate = MINUS) }
}

network! {
    #[loss(softmax_cross_entropy(label_smoothing = NAN, class_weights = WEIGHTS))]
    struct Weights(x: [4]) -> [2] { x.affine(2) }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = NOTHING))]
    struct Weightless(x: [4]) -> [2] { x.affine(2) }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = [1.0, MINUS]))]
    struct Negative(x: [4]) -> [2] { x.affine(2) }
}

network! {
    #[loss(softmax_cross_entropy(class_weights = THREE))]
    struct Many(x: [4]) -> [2] { x.affine(2).elu(alpha = SINGLE) }
}

network! {
    struct Drawn(x: [4]) -> [2] {
        x.affine(4, init = normal(std = MINUS)).layer_norm(epsilon = NAN).affine(2, init = orthogonal(gain = INFINITE))
    }
}

fn main() {}
