use constgrad::prelude::*;
use nalgebra::SMatrix;

network! {
    #[loss(mean_squared_error)]
    pub struct A(x: [2]) -> [2] { x.net::<B>() }
}

network! {
    pub struct B(x: [2]) -> [2] { x.net::<A>() }
}

fn main() {
    let mut net = A::<f32>::zeros();
    let x = SMatrix::<f32, 2, 3>::zeros();
    let (_, gradients) = net.gradient(&x, &x);
    Sgd::new(0.1).step(&mut net, &gradients);
}
