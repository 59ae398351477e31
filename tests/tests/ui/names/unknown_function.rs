use constgrad::network;

network! {
    pub struct Classifier(x: [784], y: [10]) -> [10] {
        relu(concatenate(x, y)).affine(10)
    }
}

fn main() {}
