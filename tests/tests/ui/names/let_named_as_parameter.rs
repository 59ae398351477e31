use constgrad::network;

network! {
    pub struct Block<const D: usize>(x: [D]) -> [D] {
        let D = x.relu();
        D.affine(D)
    }
}

fn main() {}
