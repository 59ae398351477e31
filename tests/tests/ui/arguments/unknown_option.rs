use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(50).leaky_relu(slop = 0.1).affine(10, bias = 0)
    }
}

fn main() {}
