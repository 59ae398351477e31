use constgrad::{Optimizer, Sgd, network};
use nalgebra::SVector;
use rand::SeedableRng;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [784]) -> [10] {
        let hidden = x.affine(50).
        let squashed = hidden.relu();
        squashed.affine(10)
    }
}

fn main() {
    let mut rng = rand::rngs::SmallRng::seed_from_u64(0);
    let net = Classifier::init(&mut rng);
    let x = SVector::<f32, 784>::zeros();
    let scores: SVector<f32, 10> = net.predict(&x);
    let (loss, gradients) = net.gradient(&x, &[3_u8]);
    Sgd::new(0.1).step(&mut Classifier::clone(&net), &gradients);
    println!("{scores} {loss}");
}
