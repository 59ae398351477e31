use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// Stochastic gradient descent: `parameter -= learning_rate · gradient`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd<T> {
    /// How far a step goes.
    pub learning_rate: T,
}

impl<T: Scalar> Sgd<T> {
    /// Descent with this learning rate.
    #[must_use]
    pub const fn new(learning_rate: T) -> Self {
        Self { learning_rate }
    }
}

impl<N: Trainable> Optimizer<N> for Sgd<N::Scalar> {
    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        let step = Step { learning_rate: self.learning_rate.to_f64() };
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters]);
    }
}

/// The formula of a step.
#[derive(Clone, Copy)]
struct Step {
    learning_rate: f64,
}

#[compiled]
impl Formula<1, 1> for Step {
    fn apply<S: Simd, T: Real>(
        &self,
        [gradient]: [Vector<S, T>; 1],
        [parameter]: [Vector<S, T>; 1],
    ) -> [Vector<S, T>; 1] {
        [parameter - self.learning_rate * gradient]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    #[test]
    fn goes_against_the_gradient() {
        let mut net = Affine::<f32, 2, 1>::zeros();
        net.weight.copy_from_slice(&[1.0, 2.0]);
        net.bias[0] = -1.0;
        let mut gradients = net.clone();
        gradients.weight.copy_from_slice(&[10.0, -20.0]);
        gradients.bias[0] = 5.0;

        Sgd::new(0.5).step(&mut net, &gradients);

        assert_eq!(net.weight.as_slice(), [-4.0, 12.0]);
        assert_eq!(net.bias.as_slice(), [-3.5]);
    }
}
