use core::marker::PhantomData;

use constgrad_kernels::random::RandomMask;

use super::{Forward, Layer};
use crate::formulas::Multiply;
use crate::{Batch, BatchMut, Mode, Scalar, Seed, Shape};

/// Dropout: in training a share `rate` of all scalars, drawn at random, becomes 0, and the others are divided by
/// `1 - rate`, so that their mean stays; in a prediction nothing is changed.
///
/// Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", 2014, section 10.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output / (1 - rate)` where the scalar was kept, otherwise 0
#[derive(Clone, Copy, Debug)]
pub struct Dropout<S> {
    rate: f64,
    shape: PhantomData<S>,
}

impl<S> Dropout<S> {
    /// Dropout of a share `rate` of samples of shape `S`.
    ///
    /// # Panics
    /// If the rate is below 0, or not below 1.
    #[must_use]
    #[track_caller]
    pub const fn new(rate: f64) -> Self {
        assert!(0.0 <= rate && rate < 1.0, "a dropout rate is 0 or more and below 1");
        Self { rate, shape: PhantomData }
    }
}

impl<T: Scalar, S: Shape> Layer<T> for Dropout<S> {
    type Input = S;
    type Output = S;

    /// The factor of each scalar.
    const CACHE: usize = S::LEN;
    const RANDOM: bool = true;

    fn forward(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, _: &mut [T]) {
        output.as_mut_slice().copy_from_slice(input.as_slice());
    }

    fn train(&self, input: Batch<'_, T, S>, mut output: BatchMut<'_, T, S>, cache: &mut [T], seed: Seed) {
        RandomMask { seed: seed.bits(), rate: self.rate, mask: &mut *cache }.run();
        T::map(Multiply, [input.as_slice(), cache], [output.as_mut_slice()]);
    }

    fn backward(
        &self,
        forward: Forward<'_, T, S, S>,
        d_output: Batch<'_, T, S>,
        d_input: Option<BatchMut<'_, T, S>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        match forward.mode {
            Mode::Training(_) => T::map(Multiply, [d_output.as_slice(), forward.cache], [d_input.as_mut_slice()]),
            Mode::Inference => d_input.as_mut_slice().copy_from_slice(d_output.as_slice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Mode;
    use alloc::vec;
    use alloc::vec::Vec;

    use super::Dropout;
    use crate::testing::output;
    use crate::{Batch, BatchMut, Forward, Layer, Rank1, Seed};

    type S = Rank1<1000>;

    fn train(rate: f64, seed: Seed, cache: &mut [f64]) -> Vec<f64> {
        let mut output = vec![f64::NAN; 100_000];
        let input = vec![2.0; 100_000];
        Dropout::<S>::new(rate).train(Batch::new(&input, 100), BatchMut::new(&mut output, 100), cache, seed);
        output
    }

    #[test]
    fn a_share_is_dropped_and_the_mean_stays() {
        for (rate, kept) in [(0.0, 2.0), (0.5, 4.0), (0.75, 8.0)] {
            let mut cache = vec![f64::NAN; 100_000];
            let output = train(rate, Seed::ZERO, &mut cache);
            assert!(output.iter().all(|&x| x == kept || x == 0.0 && rate > 0.0));
            let mean = output.iter().sum::<f64>() / 100_000.0;
            // Four standard deviations of the mean.
            assert!((mean - 2.0).abs() <= 4.0 * kept / 632.0, "{mean}");
        }
    }

    #[test]
    fn masks_follow_from_the_seed_and_gradients_from_the_mask() {
        let (mut cache, mut other, mut seed) = (vec![f64::NAN; 100_000], vec![f64::NAN; 100_000], Seed::ZERO);
        let output = train(0.5, seed, &mut cache);
        assert_eq!(output, train(0.5, seed, &mut other));
        let different = train(0.5, seed.split(), &mut other);
        let agreeing = output.iter().zip(&different).filter(|(a, b)| a == b).count();
        assert!((49_000..51_000).contains(&agreeing), "{agreeing}");

        let ones = vec![1.0; 100_000];
        let mode = Mode::Training(seed);
        let forward = Forward { input: Batch::new(&ones, 100), output: Batch::new(&output, 100), cache: &cache, mode };
        let mut d_input = vec![f64::NAN; 100_000];
        let into = BatchMut::new(&mut d_input, 100);
        Dropout::<S>::new(0.5).backward(forward, Batch::new(&ones, 100), Some(into), None, &mut []);
        assert!(d_input.iter().zip(&output).all(|(&d, &y)| d == y / 2.0));
    }

    #[test]
    fn a_prediction_is_not_changed() {
        let input: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(output(&Dropout::<S>::new(0.9), &input), input);
    }
}
