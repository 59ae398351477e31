use core::marker::PhantomData;

use super::{Activation, Exp, Forward, Layer};
use crate::kernel::{total, total_of_pairs};
use crate::{Batch, BatchMut, Rank1, Scalar};

/// Softmax: `output = e^input / Σ e^input`, the sum over the sample, so that each output sample sums to 1.
///
/// Computed after subtracting the sample's greatest scalar, so that no power overflows. Before
/// [`SoftmaxCrossEntropy`](crate::loss::SoftmaxCrossEntropy) it is out of place: that loss takes scores and contains it. Its
/// logarithm is [`LogSoftmax`](super::LogSoftmax), finite where a share is rounded to 0.
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
        T::softmax(input.as_slice(), N, output.as_mut_slice());
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<N>, Rank1<N>>,
        d_output: Batch<'_, T, Rank1<N>>,
        d_input: Option<BatchMut<'_, T, Rank1<N>>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        T::softmax_gradient(forward.output.as_slice(), d_output.as_slice(), N, d_input.as_mut_slice());
    }
}

/// The softmax of each sample of `rows` scores.
pub(crate) fn softmax<T: Scalar>(scores: &[T], rows: usize, output: &mut [T]) {
    powers(scores, rows, output);
    for output in output.chunks_exact_mut(rows) {
        let sum = sum(output);
        for output in output {
            *output /= sum;
        }
    }
}

/// The gradient of the scores, from the softmax and its gradient.
pub(crate) fn softmax_gradient<T: Scalar>(output: &[T], d_output: &[T], rows: usize, d_scores: &mut [T]) {
    let samples = d_output.chunks_exact(rows).zip(output.chunks_exact(rows));
    for (d_scores, (d_output, output)) in d_scores.chunks_exact_mut(rows).zip(samples) {
        let mean = T::nearest(total_of_pairs(output, d_output, |output, d_output| output * d_output));
        for ((d_score, &d_output), &output) in d_scores.iter_mut().zip(d_output).zip(output) {
            *d_score = output * (d_output - mean);
        }
    }
}

/// `e^(score - greatest)` for the greatest of each sample of `rows` scores, so that no power overflows.
pub(crate) fn powers<T: Scalar>(scores: &[T], rows: usize, powers: &mut [T]) {
    for (powers, scores) in powers.chunks_exact_mut(rows).zip(scores.chunks_exact(rows)) {
        let greatest = greatest(scores);
        for (power, &score) in powers.iter_mut().zip(scores) {
            *power = score - greatest;
        }
    }
    T::activate(Activation::Exp(Exp::new()), powers);
}

/// Fewer are taken one after the other; of many, each would wait for the one before.
const FEW: usize = 32;

/// The sum.
pub(crate) fn sum<T: Scalar>(scalars: &[T]) -> T {
    if scalars.len() < FEW {
        return scalars.iter().fold(T::ZERO, |sum, &scalar| sum + scalar);
    }
    T::nearest(total(scalars, |x| x))
}

/// The greatest of `scores`; where one is NaN, it or any other.
pub(crate) fn greatest<T: Scalar>(scores: &[T]) -> T {
    let greater = |greatest, score| if score > greatest { score } else { greatest };
    if scores.len() < FEW {
        return scores.iter().copied().fold(scores[0], greater);
    }
    let mut runs = [scores[0]; 8];
    let (chunks, rest) = scores.as_chunks::<8>();
    for chunk in chunks {
        for (run, &score) in runs.iter_mut().zip(chunk) {
            *run = greater(*run, score);
        }
    }
    rest.iter().copied().chain(runs).fold(scores[0], greater)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{Softmax, greatest, sum};
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
    fn all_scores_count_however_many() {
        for len in 1..100_u8 {
            let mut scalars: Vec<f32> = (0..len).map(f32::from).collect();
            assert_eq!((sum(&scalars), greatest(&scalars)), (scalars.iter().sum(), f32::from(len - 1)));
            scalars.reverse();
            assert_eq!(greatest(&scalars), f32::from(len - 1));
        }
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
