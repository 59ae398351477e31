use constgrad_kernels::{Formula, Precision, Real, Simd, Vector};
use constgrad_macros::compiled;

use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// Adam: each parameter moves by about the learning rate, whatever the size of its gradients.
///
/// Algorithm 1 of Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015. In step `t`:
///
/// - `first_moment = β₁ · first_moment + (1 - β₁) · gradient`
/// - `second_moment = β₂ · second_moment + (1 - β₂) · gradient²`
/// - `parameter -= learning_rate · first_moment / (1 - β₁ᵗ) / (√(second_moment / (1 - β₂ᵗ)) + ε)`
#[derive(Clone, Debug, PartialEq)]
pub struct Adam<N: Trainable> {
    /// About how far a step moves each parameter.
    pub learning_rate: N::Scalar,
    /// β₁, below 1: the share of the mean gradient that a step keeps.
    pub beta1: N::Scalar,
    /// β₂, below 1: the share of the mean squared gradient that a step keeps.
    pub beta2: N::Scalar,
    /// ε, which keeps the denominator from 0.
    pub epsilon: N::Scalar,
    /// The mean gradient of each parameter, the last gradients weighing most.
    pub first_moment: N,
    /// The mean squared gradient.
    pub second_moment: N,
    /// `t`: how many steps there were.
    pub steps: u64,
}

impl<N: Trainable> Adam<N> {
    /// Adam with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.
    #[must_use]
    pub fn new(learning_rate: N::Scalar) -> Self {
        let [beta1, beta2, epsilon] = DEFAULTS.map(N::Scalar::nearest);
        Self { learning_rate, beta1, beta2, epsilon, first_moment: N::state(), second_moment: N::state(), steps: 0 }
    }
}

impl<N: Trainable> Optimizer<N> for Adam<N> {
    fn begin(&mut self) {
        self.steps += 1;
    }

    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        let settings = [self.learning_rate, self.beta1, self.beta2, self.epsilon];
        let step = Step::new(settings, N::Scalar::ZERO, self.steps);
        let moments = [&mut self.first_moment, &mut self.second_moment];
        let [first, second] = moments.map(|moment| moment.tensor_mut(tensor.index));
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters, first, second]);
    }
}

/// β₁, β₂ and ε.
pub(super) const DEFAULTS: [f64; 3] = [0.9, 0.999, 1e-8];

/// The formula of a step, here and with decay.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// The share of a parameter that does not decay.
    kept: f64,
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    /// The learning rate, corrected for the first moment that began at 0.
    rate: f64,
    /// What corrects the root of the second moment.
    correction: f64,
}

impl Step {
    /// The formula of step `step`, counted from 1, for a learning rate, β₁, β₂ and ε.
    ///
    /// The corrections are powers of their own each step, not products that errors add up in.
    pub(super) fn new<T: Scalar>(settings: [T; 4], weight_decay: T, step: u64) -> Self {
        let [learning_rate, beta1, beta2, epsilon] = settings.map(T::to_f64);
        let correction = |beta| 1.0 - libm::pow(beta, step as f64);
        Self {
            kept: 1.0 - learning_rate * weight_decay.to_f64(),
            beta1,
            beta2,
            epsilon,
            rate: learning_rate / correction(beta1),
            correction: 1.0 / libm::sqrt(correction(beta2)),
        }
    }
}

#[compiled]
impl Formula<1, 3> for Step {
    fn apply<S: Simd, T: Real>(
        &self,
        [gradient]: [Vector<S, T>; 1],
        [parameter, first, second]: [Vector<S, T>; 3],
    ) -> [Vector<S, T>; 3] {
        let first = (self.beta1 * first + (1.0 - self.beta1) * gradient).not_subnormal();
        let second = (self.beta2 * second + (1.0 - self.beta2) * gradient * gradient).not_subnormal().finite();
        let step = self.rate * first / (self.correction * second.sqrt() + self.epsilon);
        [self.kept * parameter - step, first, second]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    #[test]
    fn divides_a_mean_by_the_root_of_a_mean_square() {
        let mut net = Affine::<f64, 1, 1>::zeros();
        let mut gradients = net.clone();
        let mut adam = Adam { beta1: 0.5, beta2: 0.75, epsilon: 1.0, ..Adam::new(3.0) };

        // The corrections, 1 - 0.5 and 1 - 0.75, make of the moments the gradient and its square.
        gradients.weight[0] = 2.0;
        adam.step(&mut net, &gradients);
        assert_eq!((adam.first_moment.weight[0], adam.second_moment.weight[0]), (1.0, 1.0));
        assert_eq!(net.weight[0], -3.0 * 2.0 / (2.0 + 1.0));

        // Moments 0.5 · 1 - 0.5 · 4 and 0.75 · 1 + 0.25 · 16, corrected by 1 - 0.5² and 1 - 0.75².
        gradients.weight[0] = -4.0;
        adam.step(&mut net, &gradients);
        assert_eq!((adam.first_moment.weight[0], adam.second_moment.weight[0]), (-1.5, 4.75));
        let second_step = -3.0 * (-1.5 / 0.75) / ((4.75_f64 / 0.4375).sqrt() + 1.0);
        assert!((net.weight[0] - (-2.0 + second_step)).abs() < 1e-15);

        assert_eq!((net.bias[0], adam.steps), (0.0, 2));
    }

    #[test]
    fn a_step_is_the_learning_rate_whatever_the_gradient() {
        for gradient in [1e-3_f32, 1.0, -1e6] {
            let mut net = Affine::<f32, 1, 1>::zeros();
            let mut gradients = net.clone();
            gradients.weight[0] = gradient;
            let mut adam = Adam::new(0.25);
            for _ in 0..100 {
                adam.step(&mut net, &gradients);
            }
            assert!((net.weight[0] + 25.0 * gradient.signum()).abs() < 1e-3, "{gradient}: {}", net.weight[0]);
        }
    }

    #[test]
    fn trains_on_after_billions_of_steps() {
        let mut net = Affine::<f32, 1, 1>::zeros();
        let mut gradients = net.clone();
        gradients.weight[0] = 2.0;
        let mut adam = Adam::<Affine<f32, 1, 1>> { steps: u64::from(u32::MAX), ..Adam::new(0.5) };
        adam.first_moment.weight[0] = 2.0;
        adam.second_moment.weight[0] = 4.0;
        adam.step(&mut net, &gradients);
        assert_eq!((net.weight[0], adam.steps), (-0.5, 1 << 32));
    }
}
