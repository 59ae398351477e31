use constgrad::network;

network! {
    pub struct Join<const D: usize>(x: [D], y: [D]) -> [D] {
        concat(x, y).affine(D)
    }
}

fn main() {}
