use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine::<768, 50>().relu().affine(10)
    }
}

fn main() {}
