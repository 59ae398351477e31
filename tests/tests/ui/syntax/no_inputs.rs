use constgrad::network;

network! {
    pub struct Classifier() -> [10] {
        x.affine(10)
    }
}

fn main() {}
