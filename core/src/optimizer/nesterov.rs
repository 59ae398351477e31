use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// Descent with momentum that looks ahead: `velocity = momentum · velocity - learning_rate · gradient`,
/// `parameter += momentum · velocity - learning_rate · gradient`.
///
/// Nesterov's accelerated gradient as Sutskever, Martens, Dahl and Hinton give it in "On the importance of initialization
/// and momentum in deep learning", 2013. They ask for the gradient where the velocity is about to lead; here, as in
/// `PyTorch`'s `SGD(nesterov=True)`, the parameters are those of that place. The velocity holds the learning rates of
/// its time, as that of [`Momentum`](crate::Momentum) does.
#[derive(Clone, Debug, PartialEq)]
pub struct Nesterov<N: Trainable> {
    /// How much a gradient adds to the velocity.
    pub learning_rate: N::Scalar,
    /// The share of the velocity that a step keeps.
    pub momentum: N::Scalar,
    /// Where each parameter is heading.
    pub velocity: N,
}

impl<N: Trainable> Nesterov<N> {
    /// Descent from rest.
    #[must_use]
    pub fn new(learning_rate: N::Scalar, momentum: N::Scalar) -> Self {
        Self { learning_rate, momentum, velocity: N::state() }
    }
}

impl<N: Trainable> Optimizer<N> for Nesterov<N> {
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
        let change = self.learning_rate * gradient;
        let velocity = (self.momentum * velocity - change).not_subnormal();
        [parameter + (self.momentum * velocity - change), velocity]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    #[test]
    fn looks_ahead_along_the_velocity() {
        let mut net = Affine::<f32, 1, 1>::zeros();
        let mut gradients = net.clone();
        gradients.weight[0] = 8.0;
        let mut nesterov = Nesterov::new(0.5, 0.25);

        nesterov.step(&mut net, &gradients);
        assert_eq!((nesterov.velocity.weight[0], net.weight[0]), (-4.0, 0.25 * -4.0 - 4.0));

        nesterov.step(&mut net, &gradients);
        assert_eq!((nesterov.velocity.weight[0], net.weight[0]), (-5.0, -5.0 + 0.25 * -5.0 - 4.0));
    }

    /// Sutskever's form keeps the parameters where they are and asks for the gradient ahead of them.
    #[test]
    fn is_sutskevers_form_seen_from_ahead() {
        let (learning_rate, momentum) = (0.1, 0.9);
        let slope = |parameter: f64| 3.0 * (parameter - 1.0);
        let (mut parameter, mut velocity) = (0.0, 0.0);
        let mut net = Affine::<f64, 1, 1>::zeros();
        let mut nesterov = Nesterov::new(learning_rate, momentum);
        for _ in 0..10 {
            velocity = momentum * velocity - learning_rate * slope(parameter + momentum * velocity);
            parameter += velocity;

            let mut gradients = Affine::zeros();
            gradients.weight[0] = slope(net.weight[0]);
            nesterov.step(&mut net, &gradients);

            assert!((net.weight[0] - (parameter + momentum * velocity)).abs() < 1e-14);
        }
    }
}
