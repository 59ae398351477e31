use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let mut hidden = x.affine(50);
        hidden.affine(10)
    }
}

fn main() {}
