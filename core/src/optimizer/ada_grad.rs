use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// `AdaGrad`: the more a parameter was moved, the less it is.
///
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization", 2011, with
/// diagonal matrices; ε and its default are `PyTorch`'s:
///
/// - `square_sum += gradient²`
/// - `parameter -= learning_rate · gradient / (√square_sum + ε)`
#[derive(Clone, Debug, PartialEq)]
pub struct AdaGrad<N: Trainable> {
    /// How far the first step moves each parameter.
    pub learning_rate: N::Scalar,
    /// ε, which keeps the denominator from 0.
    pub epsilon: N::Scalar,
    /// The sum of the squared gradients of each parameter.
    pub square_sum: N,
}

impl<N: Trainable> AdaGrad<N> {
    /// `AdaGrad` with ε = 1e-10.
    #[must_use]
    pub fn new(learning_rate: N::Scalar) -> Self {
        Self { learning_rate, epsilon: N::Scalar::nearest(1e-10), square_sum: N::state() }
    }
}

impl<N: Trainable> Optimizer<N> for AdaGrad<N> {
    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        let step = Step { learning_rate: self.learning_rate.to_f64(), epsilon: self.epsilon.to_f64() };
        let square_sum = self.square_sum.tensor_mut(tensor.index);
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters, square_sum]);
    }
}

/// The formula of a step.
#[derive(Clone, Copy)]
struct Step {
    learning_rate: f64,
    epsilon: f64,
}

#[compiled]
impl Formula<1, 2> for Step {
    fn apply<S: Simd, T: Real>(
        &self,
        [gradient]: [Vector<S, T>; 1],
        [parameter, sum]: [Vector<S, T>; 2],
    ) -> [Vector<S, T>; 2] {
        let sum = (sum + gradient * gradient).finite();
        [parameter - self.learning_rate * gradient / (sum.sqrt() + self.epsilon), sum]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    #[test]
    fn divides_by_the_root_of_the_sum_of_squares() {
        let mut net = Affine::<f32, 1, 1>::zeros();
        let mut gradients = net.clone();
        let mut ada_grad = AdaGrad { epsilon: 1.0, ..AdaGrad::new(6.0) };

        gradients.weight[0] = 3.0;
        ada_grad.step(&mut net, &gradients);
        assert_eq!((ada_grad.square_sum.weight[0], net.weight[0]), (9.0, -6.0 * 3.0 / (3.0 + 1.0)));

        gradients.weight[0] = -4.0;
        ada_grad.step(&mut net, &gradients);
        assert_eq!((ada_grad.square_sum.weight[0], net.weight[0]), (25.0, -4.5 + 6.0 * 4.0 / (5.0 + 1.0)));
    }
}
