use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine::<784, 50, 3>().relu::<50>().affine::<50, 10>(10) + x.affine::<>()
    }
}

fn main() {}
