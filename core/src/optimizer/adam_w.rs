use constgrad_kernels::Precision as _;

use super::adam::{DEFAULTS, Step};
use super::{Optimizer, Update};
use crate::{Scalar, Trainable};

/// [`Adam`](crate::Adam) with decoupled weight decay.
///
/// Algorithm 2 of Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019: a step of Adam, and
/// `parameter -= learning_rate · weight_decay · parameter`, with the parameter as it was before. There the decay is
/// multiplied by a schedule alone; the learning rate is `PyTorch`'s. All tensors decay, biases too.
#[derive(Clone, Debug, PartialEq)]
pub struct AdamW<N: Trainable> {
    /// About how far a step moves each parameter.
    pub learning_rate: N::Scalar,
    /// β₁, below 1: the share of the mean gradient that a step keeps.
    pub beta1: N::Scalar,
    /// β₂, below 1: the share of the mean squared gradient that a step keeps.
    pub beta2: N::Scalar,
    /// ε, which keeps the denominator from 0.
    pub epsilon: N::Scalar,
    /// The share of a parameter that a step of learning rate 1 would take away.
    pub weight_decay: N::Scalar,
    /// The mean gradient of each parameter, the last gradients weighing most.
    pub first_moment: N,
    /// The mean squared gradient.
    pub second_moment: N,
    /// How many steps there were.
    pub steps: u64,
}

impl<N: Trainable> AdamW<N> {
    /// Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 and, as in `PyTorch`, a weight decay of 0.01.
    #[must_use]
    pub fn new(learning_rate: N::Scalar) -> Self {
        let [beta1, beta2, epsilon] = DEFAULTS.map(N::Scalar::nearest);
        Self {
            learning_rate,
            beta1,
            beta2,
            epsilon,
            weight_decay: N::Scalar::nearest(0.01),
            first_moment: N::state(),
            second_moment: N::state(),
            steps: 0,
        }
    }
}

impl<N: Trainable> Optimizer<N> for AdamW<N> {
    fn begin(&mut self) {
        self.steps += 1;
    }

    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        let settings = [self.learning_rate, self.beta1, self.beta2, self.epsilon];
        let step = Step::new(settings, self.weight_decay, self.steps);
        let moments = [&mut self.first_moment, &mut self.second_moment];
        let [first, second] = moments.map(|moment| moment.tensor_mut(tensor.index));
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters, first, second]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::Affine;

    use crate::Adam;

    #[test]
    fn decays_beside_a_step_of_adam() {
        let mut net = Affine::<f64, 1, 1>::zeros();
        net.weight[0] = 8.0;
        let mut gradients = net.clone();
        gradients.weight[0] = 2.0;
        let (mut decayed, mut adam_w) = (net.clone(), AdamW { weight_decay: 0.5, ..AdamW::new(0.25) });
        let mut adam = Adam::new(0.25);
        for _ in 0..3 {
            let before = decayed.weight[0];
            net.weight[0] = before;
            adam.step(&mut net, &gradients);
            adam_w.step(&mut decayed, &gradients);
            assert!((decayed.weight[0] - (net.weight[0] - 0.25 * 0.5 * before)).abs() < 1e-15);
        }
    }

    #[test]
    fn without_decay_it_is_adam() {
        let mut net = Affine::<f32, 1, 1>::zeros();
        net.weight[0] = 0.7;
        let (mut other, gradients) = (net.clone(), net.clone());
        Adam::new(0.1).step(&mut net, &gradients);
        AdamW { weight_decay: 0.0, ..AdamW::new(0.1) }.step(&mut other, &gradients);
        assert_eq!(net, other);
    }
}
