//! Optimizers: how gradients change a network.
//!
//! A file is one optimizer: its settings and what it remembers of each parameter, in the network's own type; the formula of
//! a step; and the pass in which [`Kernel`](crate::kernel::Kernel) applies it to a tensor.

pub(crate) mod ada_grad;
pub(crate) mod adam;
mod adam_w;
pub(crate) mod momentum;
pub(crate) mod nesterov;
pub(crate) mod rms_prop;
pub(crate) mod sgd;
#[cfg(test)]
mod tests;

pub use ada_grad::AdaGrad;
pub use adam::Adam;
pub use adam_w::AdamW;
pub use momentum::Momentum;
pub use nesterov::Nesterov;
pub use rms_prop::RmsProp;
pub use sgd::Sgd;

use crate::{Parameters, Scalar};

/// How gradients change a network.
///
/// The optimizers of this crate go over memory once a step and allocate nothing. Their fields may be changed between
/// steps: a schedule sets `learning_rate`. What they remember of a parameter that has no gradient any more fades to 0, not to
/// subnormal numbers, which would make each further step slow. They hide no mistake: a gradient that is NaN makes its
/// parameter NaN, and so does one whose square is greater than any number, where squares are remembered.
///
/// One of one's own has three kinds of tensors to think of: what is trained; what is [frozen](Parameters::is_frozen), and has
/// no gradient; and [statistics](Parameters::is_statistic), which have that of the batch in the place of a gradient:
///
/// ```
/// use constgrad::prelude::*;
///
/// /// Descent by the sign of the gradient alone.
/// struct Sign {
///     learning_rate: f32,
/// }
///
/// impl<N: Parameters<Scalar = f32>> Optimizer<N> for Sign {
///     fn step(&mut self, net: &mut N, gradients: &N) {
///         for tensor in (0..N::TENSORS).filter(|&tensor| !N::is_frozen(tensor)) {
///             for (scalar, &gradient) in net.tensor_mut(tensor).iter_mut().zip(gradients.tensor(tensor)) {
///                 if N::is_statistic(tensor) {
///                     *scalar += 0.1 * (gradient - *scalar);
///                 } else if gradient != 0.0 {
///                     *scalar -= self.learning_rate * gradient.signum();
///                 }
///             }
///         }
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
/// for _ in 0..1000 {
///     let (_loss, gradients) = line.gradient(&x, &target);
///     Sign { learning_rate: 0.01 }.step(&mut line, &gradients);
/// }
/// assert!(line.loss(&x, &target) < 0.1);
/// ```
pub trait Optimizer<N: Parameters> {
    /// Moves `net` one step, driven by its `gradients`.
    fn step(&mut self, net: &mut N, gradients: &N);
}

/// How far an optimizer moves a statistic to that of the batch.
pub(crate) const STATISTIC_SHARE: f64 = 0.1;

/// Calls `update` for each tensor: with its gradient, and with it as it is in each of `written`, the network first.
/// Statistics follow those of the batch instead, and what is frozen stays.
fn each_tensor<N: Parameters, const W: usize>(
    gradients: &N,
    mut written: [&mut N; W],
    update: impl Fn(&[N::Scalar], [&mut [N::Scalar]; W]),
) {
    for tensor in (0..N::TENSORS).filter(|&tensor| !N::is_frozen(tensor)) {
        let (gradient, written) = (gradients.tensor(tensor), written.each_mut().map(|net| net.tensor_mut(tensor)));
        if N::is_statistic(tensor) {
            let share = N::Scalar::nearest(STATISTIC_SHARE);
            for (statistic, &of_batch) in written[0].iter_mut().zip(gradient) {
                *statistic += share * (of_batch - *statistic);
                let least_normal = N::Scalar::TINY * N::Scalar::TINY;
                if -least_normal < *statistic && *statistic < least_normal {
                    *statistic = N::Scalar::ZERO;
                }
            }
        } else {
            update(gradient, written);
        }
    }
}
