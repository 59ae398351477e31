use constgrad::network;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(10).softmax()
    }
}

fn main() {}
