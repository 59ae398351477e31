use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(50).leaky_relu(slop = 0.1).affine(10, activation = relu)
    }
}

fn main() {}
