use constgrad::network;

network! {
    #[loss(softmax_crossentropy)]
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(10)
    }
}

fn main() {}
