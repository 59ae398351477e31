use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(50, 10).relu(3).affine()
    }
}

fn main() {}
