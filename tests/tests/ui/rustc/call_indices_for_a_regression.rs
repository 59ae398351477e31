use constgrad::network;
use nalgebra::SVector;
use rand::SeedableRng;

network! {
    #[loss(mean_squared_error)]
    pub struct Regressor(x: [3]) -> [1] { x.affine(1) }
}

fn main() {
    let net = Regressor::<f32>::init(&mut rand::rngs::SmallRng::seed_from_u64(0));
    net.loss(&SVector::<f32, 3>::zeros(), &[1_usize]);
}
