use core::marker::PhantomData;

use super::{Forward, Layer};
use crate::{Batch, BatchMut, Rank1, Scalar};

/// Softmax: `output = e^input / Σ e^input`, the sum over the sample, so that each output sample sums to 1.
///
/// Computed after subtracting the sample's greatest scalar, so that no power overflows. Before
/// [`SoftmaxCrossEntropy`](crate::loss::SoftmaxCrossEntropy) it is out of place: that loss takes scores and contains it.
///
/// # Shapes
/// - input and output `[N]`
///
/// # Gradients
/// - `d_input = output · (d_output - Σ d_output · output)`, the sum over the sample
#[derive(Clone, Copy, Debug, Default)]
pub struct Softmax<S>(PhantomData<S>);

impl<S> Softmax<S> {
    /// Softmax over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, const N: usize> Layer<T> for Softmax<Rank1<N>> {
    type Input = Rank1<N>;
    type Output = Rank1<N>;

    fn forward(&self, input: Batch<'_, T, Rank1<N>>, mut output: BatchMut<'_, T, Rank1<N>>, _: &mut [T]) {
        for (input, output) in input.iter().zip(output.iter_mut()) {
            softmax(input, output);
        }
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<N>, Rank1<N>>,
        d_output: Batch<'_, T, Rank1<N>>,
        d_input: Option<BatchMut<'_, T, Rank1<N>>>,
        _: &mut Self,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        for ((d_input, d_output), output) in d_input.iter_mut().zip(d_output.iter()).zip(forward.output.iter()) {
            let mean = output.iter().zip(d_output).fold(T::ZERO, |sum, (&output, &d_output)| sum + output * d_output);
            for ((d_input, &d_output), &output) in d_input.iter_mut().zip(d_output).zip(output) {
                *d_input = output * (d_output - mean);
            }
        }
    }
}

/// Writes the softmax of the `scores` of one sample to `output`; the result is their [`sum_of_powers`].
pub(crate) fn softmax<T: Scalar>(scores: &[T], output: &mut [T]) -> T {
    let greatest = greatest(scores);
    let mut sum = T::ZERO;
    for (output, &score) in output.iter_mut().zip(scores) {
        *output = (score - greatest).exp();
        sum += *output;
    }
    for output in output {
        *output /= sum;
    }
    sum
}

/// `Σ e^(score - greatest)` of one sample, which never overflows.
pub(crate) fn sum_of_powers<T: Scalar>(scores: &[T]) -> T {
    let greatest = greatest(scores);
    scores.iter().fold(T::ZERO, |sum, &score| sum + (score - greatest).exp())
}

/// The greatest of `scores`; where one is NaN, it or any other.
pub(crate) fn greatest<T: Scalar>(scores: &[T]) -> T {
    scores.iter().fold(scores[0], |greatest, &score| if score > greatest { score } else { greatest })
}

#[cfg(test)]
mod tests {
    use super::Softmax;
    use crate::Rank1;
    use crate::testing::{check_layer, output, random};

    const SOFTMAX: Softmax<Rank1<4>> = Softmax::new();

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&SOFTMAX, &random(12, 2));
    }

    #[test]
    fn large_scores_do_not_overflow() {
        assert_eq!(output(&SOFTMAX, &[1e4, -1e4, 1e4, 0.0]), [0.5, 0.0, 0.5, 0.0]);
        assert_eq!(output(&SOFTMAX, &[f32::MAX, f32::MAX, f32::MIN, 0.0]), [0.5, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn a_nan_spoils_its_sample_and_no_other() {
        for position in 0..4 {
            let mut input = [0.0; 8];
            input[position] = f64::NAN;
            let output = output(&SOFTMAX, &input);
            assert!(output[..4].iter().all(|scalar| scalar.is_nan()));
            assert_eq!(output[4..], [0.25; 4]);
        }
    }
}
