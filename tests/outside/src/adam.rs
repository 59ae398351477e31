use constgrad::{Formula, Optimizer, Precision, Real, Scalar, Simd, Trainable, Update, Vector, compiled};

/// A copy of [`constgrad::Adam`].
#[derive(Clone, Debug)]
pub struct Adam<N> {
    /// About how far a step moves each parameter.
    pub learning_rate: f64,
    first_moment: N,
    second_moment: N,
    steps: u64,
}

const BETAS: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

impl<N: Trainable> Adam<N> {
    /// Adam with β₁ = 0.9, β₂ = 0.999 and ε = 1e-8.
    #[must_use]
    pub fn new(learning_rate: f64) -> Self {
        Self { learning_rate, first_moment: N::state(), second_moment: N::state(), steps: 0 }
    }
}

impl<N: Trainable> Optimizer<N> for Adam<N> {
    fn begin(&mut self) {
        self.steps += 1;
    }

    fn update(&mut self, tensor: Update<'_, N::Scalar>) {
        // The settings of the built-in are scalars of the network.
        let rounded = |number| N::Scalar::nearest(number).to_f64();
        let [beta1, beta2] = BETAS.map(rounded);
        let correction = |beta: f64| 1.0 - beta.powf(self.steps as f64);
        let step = Step {
            beta1,
            beta2,
            epsilon: rounded(EPSILON),
            rate: rounded(self.learning_rate) / correction(beta1),
            correction: 1.0 / correction(beta2).sqrt(),
        };
        let moments = [&mut self.first_moment, &mut self.second_moment];
        let [first, second] = moments.map(|moment| moment.tensor_mut(tensor.index));
        N::Scalar::map(step, [tensor.gradient], [tensor.parameters, first, second]);
    }
}

#[derive(Clone, Copy)]
struct Step {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    rate: f64,
    correction: f64,
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
        [parameter - step, first, second]
    }
}
