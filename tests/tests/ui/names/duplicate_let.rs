use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let hidden = x.affine(50);
        let hidden = hidden.relu();
        hidden.affine(10)
    }
}

fn main() {}
