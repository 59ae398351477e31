use crate::kernel::Kernel;
use crate::{Parameters, Scalar};

/// Descent with momentum: `velocity = momentum · velocity - learning_rate · gradient`, `parameter += velocity`.
#[derive(Clone, Debug, PartialEq)]
pub struct Momentum<N: Parameters> {
    /// How much a gradient adds to the velocity.
    pub learning_rate: N::Scalar,
    /// The share of the velocity that a step keeps.
    pub momentum: N::Scalar,
    /// The last change of each parameter.
    pub velocity: N,
}

impl<N: Parameters> Momentum<N> {
    /// Descent from rest.
    #[must_use]
    pub fn new(learning_rate: N::Scalar, momentum: N::Scalar) -> Self {
        Self { learning_rate, momentum, velocity: N::zeros() }
    }

    /// Moves `net` on, drawn by `gradients`.
    pub fn step(&mut self, net: &mut N, gradients: &N) {
        for tensor in 0..N::TENSORS {
            let velocity = self.velocity.tensor_mut(tensor);
            for velocity in &mut *velocity {
                *velocity *= self.momentum;
            }
            N::Scalar::axpy(-self.learning_rate, gradients.tensor(tensor), velocity);
            N::Scalar::axpy(N::Scalar::ONE, velocity, net.tensor_mut(tensor));
        }
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
