use constgrad::network;

network! {
    pub struct Classifier(x: [0]) -> [10] {
        x.affine(10)
    }
}

fn main() {}
