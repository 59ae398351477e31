//! A bias, and what is added to a variance, said wrongly.

use constgrad::network;

network! {
    struct Bias(x: [4]) -> [2] { x.affine(4, bias = 0).affine(4, bais = false).affine(2, bias = true, bias = false) }
}

network! {
    struct Recurrent(x: [4, 2]) -> [4, 2] { x.gru(2, bias = false) }
}

network! {
    struct Epsilon(x: [4]) -> [4] { x.layer_norm(epsilon = 0).rms_norm(epsilon = -1e-6).layer_norm(eps = 1e-6).rms_norm(1e-6) }
}

fn main() {}
