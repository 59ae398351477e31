//! Inputs and targets of another scalar type than the network.

use constgrad::prelude::*;
use nalgebra::SMatrix;

network! {
    #[loss(mean_squared_error)]
    pub struct Regressor(x: [3]) -> [2] { x.affine(2) }
}

fn main() {
    let (single, double) = (Regressor::<f32>::zeros(), Regressor::<f64>::zeros());
    let (x, target) = (SMatrix::<f32, 3, 4>::zeros(), SMatrix::<f32, 2, 4>::zeros());
    let (x64, target64) = (SMatrix::<f64, 3, 4>::zeros(), SMatrix::<f64, 2, 4>::zeros());
    single.gradient(&x, &target64);
    double.loss(&x64, &target);
    single.loss(&x, &SMatrix::<i32, 2, 4>::zeros());
    single.predict(&x64);
    double.backward(&x64, &target);
}
