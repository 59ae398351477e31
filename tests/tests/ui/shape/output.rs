use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(50).relu().affine(12)
    }
}

fn main() {}
