//! A loss of one's own is one, and an accuracy needs a classifier.

use constgrad::loss::Loss;
use constgrad::prelude::*;
use constgrad::{Scalar, Target};

#[derive(Clone, Copy)]
pub struct NoLoss;

network! {
    #[loss(NoLoss)]
    pub struct Forgotten(x: [8]) -> [4] {
        x.affine(4)
    }
}

#[derive(Clone, Copy)]
pub struct Own;

impl<T: Scalar> Loss<T> for Own {
    fn weight(&self, _: &Target<'_, T>, samples: usize, _: usize) -> f64 {
        samples as f64
    }

    fn sum(&self, _: &[T], _: &Target<'_, T>, _: usize, _: f64, _: Option<&mut [T]>) -> f64 {
        0.0
    }
}

network! {
    #[loss(Own)]
    pub struct Net(x: [8]) -> [4] {
        x.affine(4)
    }
}

fn main() {
    let _ = Net::<f32>::zeros().accuracy(&SVector::<f32, 8>::zeros(), &SVector::<f32, 4>::zeros());
}
