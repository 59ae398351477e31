//! The point at which a loss is differentiated.

use alloc::string::{String, ToString as _};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};

use constgrad_kernels::Precision as _;

use super::difference::{Difference, Verdict, is_beside_single_kink, judge};
use super::report::Comparison;
use crate::formulas::Axpy;
use crate::input::Input;
use crate::loss::Loss;
use crate::part::Division;
use crate::step::Step;
use crate::target::Target;
use crate::{Mode, Network, Role, Scalar, Seed, Shape, Trainable, Workspace};

/// A network and its inputs, as one list of tensors: first the parameters, then one for each input. That of an input of
/// indices has no scalars.
///
/// The gradient at a point has the same type.
#[derive(Clone)]
pub(super) struct Point<N: Network + Trainable> {
    pub(super) net: N,
    pub(super) inputs: Vec<Vec<N::Scalar>>,
    /// The inputs of indices; of one of scalars there are none.
    pub(super) indices: Vec<Vec<usize>>,
    /// Random numbers stay the same.
    pub(super) seed: Seed,
}

impl<N: Network + Trainable> Point<N> {
    /// Those that the loss is differentiated by: all but statistics, indices and what is frozen.
    pub(super) fn tensors() -> impl Iterator<Item = usize> {
        let parameters = (0..N::TENSORS).filter(|&tensor| N::info(tensor).role == Role::Trained);
        let inputs = (0..N::INPUTS.len()).filter(|&input| N::INPUTS[input].indices.is_none());
        parameters.chain(inputs.map(|input| N::TENSORS + input))
    }

    pub(super) fn name(tensor: usize) -> String {
        match tensor.checked_sub(N::TENSORS) {
            Some(input) => N::INPUTS[input].name.into(),
            None => N::info(tensor).name.to_string(),
        }
    }

    pub(super) fn tensor(&self, tensor: usize) -> &[N::Scalar] {
        match tensor.checked_sub(N::TENSORS) {
            Some(input) => &self.inputs[input],
            None => self.net.tensor(tensor),
        }
    }

    fn tensor_mut(&mut self, tensor: usize) -> &mut [N::Scalar] {
        match tensor.checked_sub(N::TENSORS) {
            Some(input) => &mut self.inputs[input],
            None => self.net.tensor_mut(tensor),
        }
    }

    /// A point a little way off in all directions: far enough for steps not to cross the kinks of this one.
    fn nearby(&self, rng: &mut impl Rng) -> Self {
        let mut point = self.clone();
        let distance = libm::sqrt(N::Scalar::STEPS[0]);
        for tensor in Self::tensors() {
            for scalar in point.tensor_mut(tensor) {
                let direction: f64 = StandardNormal.sample(rng);
                *scalar += N::Scalar::nearest(distance * direction);
            }
        }
        point
    }

    fn input_slices(&self) -> Vec<Input<'_, N::Scalar>> {
        let input = |input: usize| match N::INPUTS[input].indices {
            None => Input::Scalars(&self.inputs[input]),
            Some(_) => Input::Indices(&self.indices[input]),
        };
        (0..N::INPUTS.len()).map(input).collect()
    }

    /// The loss and its gradient by back-propagation.
    ///
    /// All buffers start as NaN, so that a layer that adds to its gradients instead of writing them is found out.
    pub(super) fn back_propagate(&self, target: &Target<'_, N::Scalar>, samples: usize) -> (f64, Self) {
        let nan = N::Scalar::nearest(f64::NAN);
        let mut workspace = Workspace::<N>::new(samples);
        workspace.output.as_mut_slice().fill(nan);
        workspace.d_output.as_mut_slice().fill(nan);
        workspace.cache.as_mut_slice().fill(nan);
        workspace.scratch.as_mut_slice().fill(nan);
        for tensor in 0..N::TENSORS {
            workspace.gradients[0].tensor_mut(tensor).fill(nan);
        }
        let inputs = self.input_slices();
        let mut d_inputs = vec![nan; self.inputs.iter().map(Vec::len).sum()];
        // In one part, as the losses around this point are computed.
        let (division, mode) = (Division { samples, parts: 1 }, Mode::Training(self.seed));
        let step = Step { net: &self.net, inputs: &inputs, division, mode };
        step.forward(&mut workspace);
        let loss = step.loss(target, &mut workspace);
        step.backward_all(&mut d_inputs, &mut workspace);

        let mut rest = d_inputs.as_slice();
        let d_input = |input: &Vec<_>| rest.split_off(..input.len()).unwrap_or_default().to_vec();
        let d_inputs = self.inputs.iter().map(d_input).collect();
        (
            loss.to_f64(),
            Self { net: workspace.into_gradients(), inputs: d_inputs, indices: Vec::new(), seed: self.seed },
        )
    }
}

/// Evaluates the loss around a point.
pub(super) struct Probe<'a, N: Network + Trainable> {
    point: &'a Point<N>,
    /// The point, but for the step that is being tried.
    moved: Point<N>,
    target: &'a Target<'a, N::Scalar>,
    samples: usize,
    output: Vec<N::Scalar>,
    cache: Vec<N::Scalar>,
    /// Points around, with their gradients: nothing before they are needed.
    nearby: Vec<[Point<N>; 2]>,
}

/// The points around one at which nothing is confirmed.
const NEARBY: usize = 8;

impl<'a, N: Network + Trainable> Probe<'a, N> {
    pub(super) fn new(point: &'a Point<N>, target: &'a Target<'a, N::Scalar>, samples: usize) -> Self {
        let buffer = |len: usize| vec![N::Scalar::ZERO; len * samples];
        let (output, cache) = (buffer(N::Output::LEN), buffer(N::CACHE));
        Self { point, moved: point.clone(), target, samples, output, cache, nearby: Vec::new() }
    }

    /// The central difference by one scalar.
    pub(super) fn derivative(&mut self, tensor: usize, index: usize) -> N::Scalar {
        let step = N::Scalar::STEPS[0] * self.scale(tensor, index..index + 1);
        let difference = Difference::new(step, &mut |step| self.loss_along(tensor, index, &[N::Scalar::ONE], step));
        N::Scalar::nearest(difference.central())
    }

    /// Compares `gradient` with differences along the direction of `signs`, all of them 1 or -1, from scalar `start` on.
    pub(super) fn compare(
        &mut self,
        gradient: &Point<N>,
        tensor: usize,
        start: usize,
        signs: &[N::Scalar],
    ) -> Comparison {
        let comparison = self.compare_here(gradient, tensor, start, signs);
        if comparison.is_wrong() && self.is_right_nearby(comparison.gradient, tensor, start, signs) {
            return Comparison { verdict: Verdict::Undecided, ..comparison };
        }
        comparison
    }

    fn compare_here(&mut self, gradient: &Point<N>, tensor: usize, start: usize, signs: &[N::Scalar]) -> Comparison {
        let at = start..start + signs.len();
        let along = gradient.tensor(tensor)[at.clone()].iter().zip(signs);
        let gradient = along.map(|(&gradient, &sign)| (gradient * sign).to_f64()).sum::<f64>() / norm(signs.len());
        let scale = self.scale(tensor, at.clone());
        let (numerical, verdict) =
            judge::<N::Scalar>(gradient, scale, |step| self.loss_along(tensor, start, signs, step));
        Comparison { at, gradient, numerical, verdict }
    }

    /// Whether the gradients of all points around are right, and no single kink explains that this `gradient` is not.
    fn is_right_nearby(&mut self, gradient: f64, tensor: usize, start: usize, signs: &[N::Scalar]) -> bool {
        if self.nearby.is_empty() {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
            let mut pair = |_| {
                let point = self.point.nearby(&mut rng);
                let gradient = point.back_propagate(self.target, self.samples).1;
                [point, gradient]
            };
            self.nearby = (0..NEARBY).map(&mut pair).collect();
        }
        let mut derivatives = Vec::new();
        for [point, of_point] in &self.nearby {
            let found = Probe::new(point, self.target, self.samples).compare_here(of_point, tensor, start, signs);
            if found.is_wrong() {
                return false;
            }
            derivatives.push(found.gradient);
        }
        let scale = self.scale(tensor, start..start + signs.len());
        let loss = |step| self.loss_along(tensor, start, signs, step);
        !is_beside_single_kink::<N::Scalar>(gradient, scale, loss, &derivatives)
    }

    /// The root mean square of some scalars, where it is above 1: steps grow with it, lest rounding swallows them.
    fn scale(&self, tensor: usize, at: Range<usize>) -> f64 {
        let len = at.len();
        let square = |&value: &N::Scalar| value.to_f64() * value.to_f64();
        let sum: f64 = self.point.tensor(tensor)[at].iter().map(square).sum();
        (libm::sqrt(sum) / norm(len)).max(1.0)
    }

    /// The loss a step of length `step` away.
    fn loss_along(&mut self, tensor: usize, start: usize, signs: &[N::Scalar], step: f64) -> f64 {
        let at = start..start + signs.len();
        let moved = &mut self.moved.tensor_mut(tensor)[at.clone()];
        N::Scalar::map(Axpy(step / norm(signs.len())), [signs], [moved]);
        let loss = self.loss();
        self.moved.tensor_mut(tensor)[at.clone()].copy_from_slice(&self.point.tensor(tensor)[at]);
        loss
    }

    fn loss(&mut self) -> f64 {
        let Self { moved, target, samples, output, cache, .. } = self;
        moved.net.forward_slices(&moved.input_slices(), output, cache, *samples, Mode::Training(moved.seed));
        N::LOSS.evaluate(output, target, N::SCORES, None).to_f64()
    }
}

/// The length of a vector of `len` ones.
#[expect(clippy::cast_precision_loss, reason = "no tensor has 2^52 scalars")]
fn norm(len: usize) -> f64 {
    libm::sqrt(len as f64)
}
