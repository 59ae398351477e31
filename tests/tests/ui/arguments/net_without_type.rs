use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.net(Block).affine(10)
    }
}

fn main() {}
