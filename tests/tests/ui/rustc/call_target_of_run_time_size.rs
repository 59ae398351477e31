//! A target of which rows or columns are known at run time only.

use constgrad::prelude::*;
use nalgebra::{DMatrix, Dyn, OMatrix, SMatrix};

network! {
    #[loss(mean_squared_error)]
    pub struct Regressor(x: [3]) -> [2] { x.affine(2) }
}

fn main() {
    let net = Regressor::<f32>::zeros();
    let x = OMatrix::<f32, Const<3>, Dyn>::zeros(4);
    net.loss(&x, &DMatrix::<f32>::zeros(2, 4));
    net.loss(&x, &SMatrix::<f32, 2, 4>::zeros());
    net.loss(&SMatrix::<f32, 3, 4>::zeros(), &OMatrix::<f32, Const<2>, Dyn>::zeros(4));
}
