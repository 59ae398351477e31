use constgrad::network;

network! {
    pub struct Net<const D: usize, const D: usize>(x: [D]) -> [10] { x.affine(10) }
}

fn main() {}
