use constgrad::network;

network! {
    pub struct Classifier(x: [784.0]) -> [10i32] {
        x.affine(10)
    }
}

fn main() {}
