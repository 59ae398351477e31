//! Optimizers: how gradients change a network.
//!
//! A file is one optimizer: its settings and what it remembers of each parameter, in the network's own type, and the formula
//! of a step.

mod ada_grad;
mod adam;
mod adam_w;
mod momentum;
mod nesterov;
mod rms_prop;
mod sgd;
#[cfg(test)]
mod tests;

pub use ada_grad::AdaGrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use momentum::Momentum;
pub use nesterov::Nesterov;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

use crate::Trainable;
use crate::tensor_info::{Role, TensorInfo};

/// How gradients change a network: what happens to one tensor.
///
/// The optimizers of this crate go over memory once a step and allocate nothing. Their fields may be changed between
/// steps: a schedule sets `learning_rate`. What they remember of a parameter that has no gradient any more fades to 0, not to
/// subnormal numbers, which would make each further step slow. They hide no mistake: a gradient that is NaN makes its
/// parameter NaN, and so does one whose square is greater than any number, where squares are remembered.
///
/// One of your own says what happens to one tensor. A [`Formula`](crate::Formula) for each scalar is as fast as those of this
/// crate; what it remembers has the type of the network. Frozen tensors and statistics it never sees:
///
/// ```
/// use constgrad::prelude::*;
/// use constgrad::{Formula, Precision, Real, Simd, Update, Vector, compiled};
///
/// /// Descent by the sign of a mean gradient.
/// #[derive(Clone, Debug)]
/// pub struct Sign<N> {
///     pub learning_rate: f64,
///     pub mean: N,
/// }
///
/// #[derive(Clone, Copy)]
/// struct Step {
///     learning_rate: f64,
/// }
///
/// #[compiled]
/// impl Formula<1, 2> for Step {
///     fn apply<S: Simd, T: Real>(
///         &self,
///         [gradient]: [Vector<S, T>; 1],
///         [parameter, mean]: [Vector<S, T>; 2],
///     ) -> [Vector<S, T>; 2] {
///         let mean = (0.9 * mean + 0.1 * gradient).not_subnormal();
///         [parameter - self.learning_rate * mean.sign(), mean]
///     }
/// }
///
/// impl<N: Trainable> Optimizer<N> for Sign<N> {
///     fn update(&mut self, tensor: Update<'_, N::Scalar>) {
///         let mean = self.mean.tensor_mut(tensor.index);
///         let step = Step { learning_rate: self.learning_rate };
///         N::Scalar::map(step, [tensor.gradient], [tensor.parameters, mean]);
///     }
/// }
///
/// network! {
///     #[loss(mean_squared_error)]
///     pub struct Line(x: [1]) -> [1] {
///         x.affine(4).batch_norm().relu().affine(1)
///     }
/// }
///
/// # use constgrad::rand::{SeedableRng, rngs::SmallRng};
/// let mut line = Line::<f32>::init(&mut SmallRng::seed_from_u64(1));
/// let (x, target) = (SMatrix::<f32, 1, 4>::new(0., 1., 2., 3.), SMatrix::<f32, 1, 4>::new(1., 3., 5., 7.));
/// let mut sign = Sign { learning_rate: 0.003, mean: Line::state() };
/// for _ in 0..2000 {
///     let (_loss, gradients) = line.gradient(&x, &target);
///     sign.step(&mut line, &gradients);
/// }
/// assert!(line.loss(&x, &target) < 0.1);
/// ```
pub trait Optimizer<N: Trainable> {
    /// Called before the first tensor of a step, to count it, for instance.
    fn begin(&mut self) {}

    /// Moves the parameters of one tensor, driven by their gradient.
    fn update(&mut self, tensor: Update<'_, N::Scalar>);

    /// Moves `net` one step, driven by its `gradients`: updates each tensor that is trained, and lets layers such as
    /// [`BatchNorm`](crate::layer::BatchNorm) move their statistics.
    fn step(&mut self, net: &mut N, gradients: &N) {
        self.begin();
        for (index, info) in N::LAYOUT.iter().enumerate() {
            if info.role == Role::Trained {
                let (parameters, gradient) = (net.tensor_mut(index), gradients.tensor(index));
                self.update(Update { index, info, parameters, gradient });
            }
        }
        net.move_statistics(gradients);
    }
}

/// One tensor in a step of an [`Optimizer`].
#[derive(Debug)]
#[non_exhaustive]
pub struct Update<'a, T> {
    /// Which it is. What an optimizer remembers of it is tensor `index` of what it remembers of the network.
    pub index: usize,
    /// Its name, dimensions and role.
    pub info: TensorInfo,
    /// Its scalars.
    pub parameters: &'a mut [T],
    /// Their gradient.
    pub gradient: &'a [T],
}
