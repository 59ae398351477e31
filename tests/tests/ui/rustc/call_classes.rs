//! What is no class index.

use constgrad::prelude::*;
use nalgebra::SMatrix;

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Classifier(x: [3]) -> [10] { x.affine(10) }
}

network! {
    #[loss(mean_squared_error)]
    pub struct Regressor(x: [3]) -> [2] { x.affine(2) }
}

fn main() {
    let (classifier, regressor) = (Classifier::<f32>::zeros(), Regressor::<f32>::zeros());
    let x = SMatrix::<f32, 3, 4>::zeros();
    classifier.gradient(&x, &vec![1_u32; 4]);
    classifier.accuracy(&x, &[1.0_f32; 4][..]);
    classifier.loss(&x, &SMatrix::<usize, 2, 4>::zeros());
    classifier.loss(&x, vec![1_usize; 4]);
    regressor.loss(&x, &SMatrix::<usize, 1, 4>::zeros());
}
