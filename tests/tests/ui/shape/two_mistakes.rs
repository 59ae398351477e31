use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let hidden: [60] = x.affine(50);
        x.affin(20).relu(3) + hidden
    }
}

fn main() {}
