use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let x = x.affine(50);
        x.affine(10)
    }
}

fn main() {}
