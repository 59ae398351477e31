use constgrad::prelude::*;

#[derive(Clone, Copy)]
pub struct Swish {
    pub slope: f64,
}

network! {
    pub struct NotOne(x: [4]) -> [2] {
        x.affine(2).map(Swish { slope: 1.5 }).affine(2)
    }
}

fn main() {}
