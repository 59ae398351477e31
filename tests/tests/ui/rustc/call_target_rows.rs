use constgrad::network;
use nalgebra::{SMatrix, SVector};
use rand::SeedableRng;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(10)
    }
}

fn main() {
    let net = Classifier::<f32>::init(&mut rand::rngs::SmallRng::seed_from_u64(0));
    net.loss(&SVector::<f32, 784>::zeros(), &SMatrix::<f32, 12, 1>::zeros());
}
