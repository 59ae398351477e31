use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.transmogrify().affine(10)
    }
}

fn main() {}
