use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.affine("fifty").leaky_relu(slope = "steep").affine(-10)
    }
}

fn main() {}
