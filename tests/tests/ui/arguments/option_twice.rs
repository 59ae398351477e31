use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(50).leaky_relu(slope = 0.1, slope = 0.2).affine(10)
    }
}

fn main() {}
