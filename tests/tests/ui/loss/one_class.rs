use constgrad::network;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [784]) -> [1] {
        x.affine(1)
    }
}

fn main() {}
