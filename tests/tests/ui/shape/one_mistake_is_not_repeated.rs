use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        let sum = x.affine(20) + x.affine(30);
        let hidden: [40] = sum.relu();
        hidden.affine(10)
    }
}

fn main() {}
