use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.net::<Block<784, f32>>().affine(10)
    }
}

fn main() {}
