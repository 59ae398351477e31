use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let affine2 = x.affine(50).relu();
        affine2.affine(10)
    }
}

fn main() {}
