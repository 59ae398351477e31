use core::marker::PhantomData;

use constgrad_kernels::softmax::{LogSoftmaxRows, LogSoftmaxRowsGradient};

use super::{Forward, Layer};
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
        LogSoftmaxRows { scores: input.as_slice(), len: N, output: output.as_mut_slice() }.run();
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
        let (output, d_output, d_scores) = (forward.output.as_slice(), d_output.as_slice(), d_input.as_mut_slice());
        LogSoftmaxRowsGradient { output, d_output, len: N, d_scores }.run();
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
