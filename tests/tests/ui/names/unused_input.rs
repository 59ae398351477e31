use constgrad::network;

network! {
    pub struct Classifier(x: [784], y: [3]) -> [10] {
        x.affine(10)
    }
}

fn main() {}
