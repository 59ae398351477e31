use constgrad::network;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [1, 28, 28]) -> [1, 28, 28] {
        x.relu()
    }
}

fn main() {}
