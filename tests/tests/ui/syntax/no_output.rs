use constgrad::network;

network! {
    pub struct Classifier(x: [784]) {
        x.affine(10)
    }
}

fn main() {}
