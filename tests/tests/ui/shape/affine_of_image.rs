use constgrad::network;

network! {
    pub struct Classifier(image: [1, 28, 28]) -> [10] {
        image.relu().affine(10)
    }
}

fn main() {}
