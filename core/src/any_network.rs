//! Networks of any type in one place.

use alloc::vec::Vec;
use core::fmt::Debug;

use crate::input::Input;
use crate::network::Port;
use crate::target::Target;
use crate::{Network, Scalar, Shape, run};

/// A network whose type is not known: what every [`Network`] over `T` can do behind a `Box<dyn AnyNetwork<T>>`, over slices.
///
/// ```
/// use constgrad::prelude::*;
/// use constgrad::{AnyNetwork, Input};
///
/// network! { pub struct Small(x: [2]) -> [1] { x.affine(1) } }
/// network! { pub struct Large(x: [2]) -> [1] { x.affine(100).relu().affine(1) } }
///
/// # use constgrad::rand::{SeedableRng, rngs::SmallRng};
/// let mut rng = SmallRng::seed_from_u64(1);
/// let ensemble: Vec<Box<dyn AnyNetwork<f32>>> =
///     vec![Box::new(Small::<f32>::init(&mut rng)), Box::new(Large::<f32>::init(&mut rng))];
/// let x = [0.5, -1.0];
/// let votes = ensemble.iter().map(|net| net.predict(&[Input::Scalars(&x)])[0]);
/// let mean = votes.sum::<f32>() / ensemble.len() as f32;
/// assert!(mean.is_finite());
/// ```
pub trait AnyNetwork<T: Scalar>: Debug + Send + Sync {
    /// The inputs, as declared.
    fn inputs(&self) -> &'static [Port];

    /// The shape of the output.
    fn output_dims(&self) -> &'static [usize];

    /// The output of each sample, one after the other; there is one slice of samples for each input.
    ///
    /// # Panics
    /// If the inputs are not those of the network, as [`run::predict`].
    #[track_caller]
    fn predict(&self, inputs: &[Input<'_, T>]) -> Vec<T>;

    /// The mean loss of a batch.
    ///
    /// # Panics
    /// If the inputs or the target are not those of the network, as [`run::loss`].
    #[track_caller]
    fn loss(&self, inputs: &[Input<'_, T>], target: &Target<'_, T>) -> T;
}

impl<T: Scalar, N: Network<Scalar = T>> AnyNetwork<T> for N {
    fn inputs(&self) -> &'static [Port] {
        N::INPUTS
    }

    fn output_dims(&self) -> &'static [usize] {
        N::Output::DIMS
    }

    #[track_caller]
    fn predict(&self, inputs: &[Input<'_, T>]) -> Vec<T> {
        run::all_scores(self, inputs, run::count::<N>(inputs))
    }

    #[track_caller]
    fn loss(&self, inputs: &[Input<'_, T>], target: &Target<'_, T>) -> T {
        run::loss_of_slices(self, inputs, target)
    }
}
