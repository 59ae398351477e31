use core::marker::PhantomData;

use super::{Activation, Exp, Forward, Layer, greatest, powers, sum};
use crate::{Batch, BatchMut, Rank1, Scalar};

/// Logarithm of the softmax: `output = input - ln Σ e^input`, the sum over the sample.
///
/// Computed after subtracting the sample's greatest scalar, so that no power overflows; and unlike the logarithm of a softmax
/// that was rounded to 0, the output is finite. In a network `softmax().ln()` is computed as this.
///
/// # Shapes
/// - input and output `[N]`
///
/// # Gradients
/// - `d_input = d_output - e^output · Σ d_output`, the sum over the sample
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSoftmax<S>(PhantomData<S>);

impl<S> LogSoftmax<S> {
    /// The logarithm of the softmax over samples of shape `S`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, const N: usize> Layer<T> for LogSoftmax<Rank1<N>> {
    type Input = Rank1<N>;
    type Output = Rank1<N>;

    fn forward(&self, input: Batch<'_, T, Rank1<N>>, mut output: BatchMut<'_, T, Rank1<N>>, _: &mut [T]) {
        T::log_softmax(input.as_slice(), N, output.as_mut_slice());
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
        T::log_softmax_gradient(forward.output.as_slice(), d_output.as_slice(), N, d_input.as_mut_slice());
    }
}

/// The logarithm of the softmax of each sample of `rows` scores.
pub(crate) fn log_softmax<T: Scalar>(scores: &[T], rows: usize, output: &mut [T]) {
    powers(scores, rows, output);
    for (output, scores) in output.chunks_exact_mut(rows).zip(scores.chunks_exact(rows)) {
        let (greatest, ln_sum) = (greatest(scores), sum(output).ln());
        for (output, &score) in output.iter_mut().zip(scores) {
            *output = score - greatest - ln_sum;
        }
    }
}

/// The gradient of the scores, from the logarithm of the softmax and its gradient.
pub(crate) fn log_softmax_gradient<T: Scalar>(output: &[T], d_output: &[T], rows: usize, d_scores: &mut [T]) {
    d_scores.copy_from_slice(output);
    T::activate(Activation::Exp(Exp::new()), d_scores);
    for (d_scores, d_output) in d_scores.chunks_exact_mut(rows).zip(d_output.chunks_exact(rows)) {
        let sum = sum(d_output);
        for (d_score, &d_output) in d_scores.iter_mut().zip(d_output) {
            *d_score = d_output - *d_score * sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LogSoftmax;
    use crate::Rank1;
    use crate::testing::{check_layer, d_input, output, random};

    const LOG_SOFTMAX: LogSoftmax<Rank1<2>> = LogSoftmax::new();

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&LogSoftmax::<Rank1<4>>::new(), &random(12, 2));
        check_layer(&LogSoftmax::<Rank1<40>>::new(), &random(120, 2));
    }

    #[test]
    fn a_share_too_small_for_a_scalar_has_a_logarithm() {
        assert_eq!(output(&LOG_SOFTMAX, &[0.0_f32, -110.0]), [0.0, -110.0]);
        assert_eq!(d_input(&LOG_SOFTMAX, &[0.0_f32, -110.0], &[-0.5, -0.5]), [0.5, -0.5]);
        assert_eq!(output(&LOG_SOFTMAX, &[f32::MAX, 0.0]), [0.0, f32::MIN]);
        assert!(output(&LOG_SOFTMAX, &[f32::NAN, 0.0]).iter().all(|x| x.is_nan()));
    }
}
