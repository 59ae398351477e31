use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        (-x % x + 2.0).affine(10)
    }
}

fn main() {}
