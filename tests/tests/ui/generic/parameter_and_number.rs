use constgrad::network;

network! {
    pub struct Block<const D: usize>(x: [D]) -> [D] {
        x.affine(64).relu()
    }
}

fn main() {}
