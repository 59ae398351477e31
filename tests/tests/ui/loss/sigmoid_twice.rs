use constgrad::network;

network! {
    #[loss(binary_cross_entropy_with_logits)]
    pub struct Classifier(x: [784]) -> [1] {
        x.affine(1).sigmoid()
    }
}

fn main() {}
