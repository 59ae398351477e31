use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// `RMSProp`: gradients are divided by the root of their mean square.
///
/// Tieleman and Hinton, lecture 6.5 of "Neural Networks for Machine Learning", 2012; ε and the defaults are `PyTorch`'s,
/// whose `alpha` is `decay`:
///
/// - `mean_square = decay · mean_square + (1 - decay) · gradient²`
/// - `parameter -= learning_rate · gradient / (√mean_square + ε)`
#[derive(Clone, Debug, PartialEq)]
pub struct RmsProp<N: Trainable> {
    /// How far a usual gradient moves its parameter.
    pub learning_rate: N::Scalar,
    /// The share of the mean square that a step keeps.
    pub decay: N::Scalar,
    /// ε, which keeps the denominator from 0.
    pub epsilon: N::Scalar,
    /// The mean squared gradient of each parameter, the last gradients weighing most.
    pub mean_square: N,
}

impl<N: Trainable> RmsProp<N> {
    /// `RMSProp` with a decay of 0.99 and ε = 1e-8.
    #[must_use]
    pub fn new(learning_rate: N::Scalar) -> Self {
        let [decay, epsilon] = [0.99, 1e-8].map(N::Scalar::nearest);
        Self { learning_rate, decay, epsilon, mean_square: N::state() }
    }
}

impl<N: Trainable> Optimizer<N> for RmsProp<N> {
    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        let [learning_rate, decay, epsilon] = [self.learning_rate, self.decay, self.epsilon].map(N::Scalar::to_f64);
        let step = Step { learning_rate, decay, epsilon };
        let mean_square = self.mean_square.tensor_mut(tensor.index);
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters, mean_square]);
    }
}

/// The formula of a step.
#[derive(Clone, Copy)]
struct Step {
    learning_rate: f64,
    decay: f64,
    epsilon: f64,
}

#[compiled]
impl Formula<1, 2> for Step {
    fn apply<S: Simd, T: Real>(
        &self,
        [gradient]: [Vector<S, T>; 1],
        [parameter, square]: [Vector<S, T>; 2],
    ) -> [Vector<S, T>; 2] {
        let square = (self.decay * square + (1.0 - self.decay) * gradient * gradient).not_subnormal().finite();
        [parameter - self.learning_rate * gradient / (square.sqrt() + self.epsilon), square]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    #[test]
    fn divides_by_the_root_of_the_mean_square() {
        let mut net = Affine::<f32, 1, 1>::zeros();
        let mut gradients = net.clone();
        let mut rms_prop = RmsProp { decay: 0.75, epsilon: 1.0, ..RmsProp::new(6.0) };

        gradients.weight[0] = 4.0;
        rms_prop.step(&mut net, &gradients);
        assert_eq!((rms_prop.mean_square.weight[0], net.weight[0]), (4.0, -6.0 * 4.0 / (2.0 + 1.0)));

        // 0.75 · 4 + 0.25 · 24.
        gradients.weight[0] = -24_f32.sqrt();
        rms_prop.step(&mut net, &gradients);
        assert!((rms_prop.mean_square.weight[0] - 9.0).abs() < 1e-5);
        assert!((net.weight[0] - (-8.0 + 6.0 * 24_f32.sqrt() / (3.0 + 1.0))).abs() < 1e-5);
    }
}
