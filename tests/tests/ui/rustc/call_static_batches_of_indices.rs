use constgrad::network;
use nalgebra::SMatrix;
use rand::SeedableRng;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(10)
    }
}

fn main() {
    let net = Classifier::<f32>::init(&mut rand::rngs::SmallRng::seed_from_u64(0));
    net.loss(&SMatrix::<f32, 784, 100>::zeros(), &[3_usize; 50]);
}
