use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let hidden: [60] = x.affine(50).relu();
        hidden.affine(10)
    }
}

fn main() {}
