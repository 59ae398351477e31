use constgrad::network;

network! {
    pub struct T(x: [784]) -> [10] { x.affine(10) }
}

fn main() {}
