use constgrad::network;

network! {
    pub struct Gate(x: [8]) -> [16] {
        x.affine(16) / x.affine(15).sigmoid()
    }
}

fn main() {}
