use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let scores = hidden.affine(10);
        let hidden = x.affine(50).relu();
        scores + hidden
    }
}

fn main() {}
