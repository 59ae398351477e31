use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.relu();
        x.affine(10)
    }
}

fn main() {}
