use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// Descent with momentum: `velocity = momentum · velocity - learning_rate · gradient`, `parameter += velocity`.
///
/// The velocity holds the learning rates of its time. `PyTorch` multiplies the sum of gradients by that of the step
/// instead, which is the same while the learning rate stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum<N: Trainable> {
    /// How much a gradient adds to the velocity.
    pub learning_rate: N::Scalar,
    /// The share of the velocity that a step keeps.
    pub momentum: N::Scalar,
    /// The last change of each parameter.
    pub velocity: N,
}

impl<N: Trainable> Momentum<N> {
    /// Descent from rest.
    #[must_use]
    pub fn new(learning_rate: N::Scalar, momentum: N::Scalar) -> Self {
        Self { learning_rate, momentum, velocity: N::state() }
    }
}

impl<N: Trainable> Optimizer<N> for Momentum<N> {
    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        let step = Step { learning_rate: self.learning_rate.to_f64(), momentum: self.momentum.to_f64() };
        let velocity = self.velocity.tensor_mut(tensor.index);
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters, velocity]);
    }
}

/// The formula of a step.
#[derive(Clone, Copy)]
struct Step {
    learning_rate: f64,
    momentum: f64,
}

#[compiled]
impl Formula<1, 2> for Step {
    fn apply<S: Simd, T: Real>(
        &self,
        [gradient]: [Vector<S, T>; 1],
        [parameter, velocity]: [Vector<S, T>; 2],
    ) -> [Vector<S, T>; 2] {
        let velocity = (self.momentum * velocity - self.learning_rate * gradient).not_subnormal();
        [parameter + velocity, velocity]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    #[test]
    fn keeps_a_share_of_the_velocity() {
        let mut net = Affine::<f32, 1, 1>::zeros();
        let mut gradients = net.clone();
        gradients.weight[0] = 8.0;
        gradients.bias[0] = -2.0;
        let mut momentum = Momentum::new(0.5, 0.25);

        momentum.step(&mut net, &gradients);
        assert_eq!((net.weight[0], net.bias[0]), (-4.0, 1.0));

        // The velocity of the weight is now 0.25 · -4 - 0.5 · 8, that of the bias 0.25 · 1 + 0.5 · 2.
        momentum.step(&mut net, &gradients);
        assert_eq!((momentum.velocity.weight[0], momentum.velocity.bias[0]), (-5.0, 1.25));
        assert_eq!((net.weight[0], net.bias[0]), (-9.0, 2.25));
    }
}
