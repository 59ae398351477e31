//! Numbers of which nothing says the type are of type `i32`.

use constgrad::prelude::*;
use nalgebra::SMatrix;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [3]) -> [10] { x.affine(10) }
}

fn main() {
    Classifier::<f32>::zeros().loss(&SMatrix::<f32, 3, 4>::zeros(), &[1, 2, 3, 4]);
}
