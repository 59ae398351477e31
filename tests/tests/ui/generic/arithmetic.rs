use constgrad::network;

network! {
    pub struct Bottleneck<const D: usize>(x: [D]) -> [D] {
        x.affine(D / 2).relu().affine(D)
    }
}

fn main() {}
