use constgrad::network;

network! {
    pub struct One(x: [784]) -> [10] {
        x.affine(10)
    }
    pub struct Two(x: [784]) -> [10] {
        x.affine(10)
    }
}

fn main() {}
