//! After a mistake the network is still there, with its indices.

use constgrad::prelude::*;

network! {
    #[loss(softmax_cross_entropy)]
    struct Next(text: [usize; 16], x: [8]) -> [16, 100] {
        let seen = text.embeding(100, 8).layer_norm();
        (seen.lstm(8) + x).affine(100)
    }
}

network! {
    struct Encoder(text: [usize; 16]) -> [16, 8] {
        text.embedding(100, 8).layer_norm().affine(9)
    }
}

network! {
    struct Around(text: [usize; 16]) -> [8] {
        text.net::<Encoder>().last()
    }
}

fn main() {
    let net = Around::<f32>::zeros();
    let text = SMatrix::<usize, 16, 2>::zeros();
    let _ = net.predict(&text);
    let next = Next::<f32>::zeros();
    let _ = next.loss(&text, &SMatrix::<f32, 8, 2>::zeros(), &text);
}
