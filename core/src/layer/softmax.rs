use core::marker::PhantomData;

use constgrad_kernels::softmax::{SoftmaxRows, SoftmaxRowsGradient};

use super::{Forward, Layer};
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
        SoftmaxRows { scores: input.as_slice(), len: N, output: output.as_mut_slice() }.run();
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
        SoftmaxRowsGradient { output, d_output, len: N, d_scores }.run();
    }
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
