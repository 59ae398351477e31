use constgrad::network;
use nalgebra::SVector;
use rand::SeedableRng;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [784]) -> [10] {
        x.affine(10)
    }
}

fn main() {
    let net = Classifier::<f32>::init(&mut rand::rngs::SmallRng::seed_from_u64(0));
    net.predict(&SVector::<f32, 768>::zeros());
}
