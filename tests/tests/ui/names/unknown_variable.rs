use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let hidden = x.affine(50).relu();
        hiden.affine(10)
    }
}

fn main() {}
