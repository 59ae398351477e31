use core::ops::{Deref, DerefMut};

use rand::Rng;

use constgrad_kernels::Epilogue;

use super::{Forward, Layer};
use crate::shape::VectorShape;
use crate::{Batch, BatchMut, Init, Layout, Mode, Parameters, Scalar, Seed, Trainable};

/// A layer of vectors, at each position of a sequence by itself: `output[l] = layer(input[l])`.
///
/// It dereferences to the layer, so that its parameters are found as if it stood alone.
///
/// # Shapes
/// - where the layer takes `[I]` and makes `[O]`: input `[L, I]`, output `[L, O]`
///
/// # Gradients
/// - those of the layer; of its parameters the sums over all positions
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Each<N, const L: usize>(N);

impl<N, const L: usize> Each<N, L> {
    /// `layer` at each position.
    #[must_use]
    pub const fn new(layer: N) -> Self {
        Self(layer)
    }
}

impl<N, const L: usize> Deref for Each<N, L> {
    type Target = N;

    fn deref(&self) -> &N {
        &self.0
    }
}

impl<N, const L: usize> DerefMut for Each<N, L> {
    fn deref_mut(&mut self) -> &mut N {
        &mut self.0
    }
}

/// All positions as samples.
fn positions<T: Scalar, I: VectorShape, const L: usize>(batch: Batch<'_, T, I::Sequence<L>>) -> Batch<'_, T, I> {
    Batch::new(batch.as_slice(), batch.samples() * L)
}

/// [`positions`], mutably.
fn positions_mut<'a, T: Scalar, I: VectorShape, const L: usize>(
    batch: &'a mut BatchMut<'_, T, I::Sequence<L>>,
) -> BatchMut<'a, T, I> {
    let samples = batch.samples();
    BatchMut::new(batch.as_mut_slice(), samples * L)
}

impl<T, N, const L: usize> Layer<T> for Each<N, L>
where
    T: Scalar,
    N: Layer<T>,
    N::Input: VectorShape,
    N::Output: VectorShape,
{
    type Input = <N::Input as VectorShape>::Sequence<L>;
    type Output = <N::Output as VectorShape>::Sequence<L>;

    const CACHE: usize = N::CACHE * L;
    const SCRATCH: usize = N::SCRATCH * L;
    const SCRATCH_ONCE: usize = N::SCRATCH_ONCE;
    const MULTIPLY_ADDS: usize = N::MULTIPLY_ADDS * L;
    const RANDOM: bool = N::RANDOM;
    const WHOLE_BATCH: bool = N::WHOLE_BATCH;
    const READS_OUTPUT: bool = N::READS_OUTPUT;

    fn forward(&self, input: Batch<'_, T, Self::Input>, mut output: BatchMut<'_, T, Self::Output>, cache: &mut [T]) {
        self.0.forward(positions::<T, N::Input, L>(input), positions_mut::<T, N::Output, L>(&mut output), cache);
    }

    fn train(
        &self,
        input: Batch<'_, T, Self::Input>,
        mut output: BatchMut<'_, T, Self::Output>,
        cache: &mut [T],
        seed: Seed,
    ) {
        self.0.train(positions::<T, N::Input, L>(input), positions_mut::<T, N::Output, L>(&mut output), cache, seed);
    }

    fn forward_then(
        &self,
        mode: Mode,
        input: Batch<'_, T, Self::Input>,
        mut output: BatchMut<'_, T, Self::Output>,
        cache: &mut [T],
        then: Epilogue<'_, T>,
    ) {
        let output = positions_mut::<T, N::Output, L>(&mut output);
        self.0.forward_then(mode, positions::<T, N::Input, L>(input), output, cache, then);
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Self::Input, Self::Output>,
        d_output: Batch<'_, T, Self::Output>,
        d_input: Option<BatchMut<'_, T, Self::Input>>,
        gradients: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let Forward { input, output, cache, mode } = forward;
        let (input, output) = (positions::<T, N::Input, L>(input), positions::<T, N::Output, L>(output));
        let mut d_input = d_input;
        let d_input = d_input.as_mut().map(positions_mut::<T, N::Input, L>);
        let d_output = positions::<T, N::Output, L>(d_output);
        self.0.backward(
            Forward { input, output, cache, mode },
            d_output,
            d_input,
            gradients.map(|gradients| &mut gradients.0),
            scratch,
        );
    }
}

impl<N: Parameters, const L: usize> Parameters for Each<N, L> {
    type Scalar = N::Scalar;

    const LAYOUT: &'static Layout = N::LAYOUT;

    fn tensor(&self, index: usize) -> &[N::Scalar] {
        self.0.tensor(index)
    }
}

impl<N: Trainable, const L: usize> Trainable for Each<N, L> {
    fn zeros() -> Self {
        Self(N::zeros())
    }

    fn clear_statistics(&mut self) {
        self.0.clear_statistics();
    }

    fn move_statistics(&mut self, gradients: &Self) {
        self.0.move_statistics(&gradients.0);
    }

    fn state() -> Self {
        Self(N::state())
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        Self(N::init_with(init, rng))
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [N::Scalar] {
        self.0.tensor_mut(index)
    }
}

#[cfg(test)]
mod tests {
    use crate::Role;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    use super::Each;
    use crate::layer::{Affine, Frozen};
    use crate::testing::{check_layer, check_parameters, output, random};
    use crate::{Init, Parameters, Trainable};

    type Layer = Each<Affine<f64, 3, 2>, 4>;

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let each = Layer::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(1));
        check_layer(&each, &random(2 * 12, 2));
        check_parameters(&each, &random(2 * 12, 2));
    }

    #[test]
    fn each_position_stands_alone() {
        let each = Layer::init_with(Init::Normal { std: 1.0 }, &mut SmallRng::seed_from_u64(1));
        let input = random(12, 2);
        assert_eq!(output(&each, &input)[2..4], output(&*each, &input[3..6]));
    }

    #[test]
    fn what_is_frozen_inside_has_no_state() {
        type Inside = Each<Frozen<Affine<f64, 3, 2>>, 4>;
        assert_eq!((Inside::TRAINED, Inside::info(0).role), (0, Role::Frozen));
        assert!(Inside::state().tensor(0).is_empty());
    }
}
