use core::marker::PhantomData;

use constgrad_kernels::rows::{RowMeans, RowMeansGradient};

use super::{Forward, Layer};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Rank1, Scalar, Shape};

/// Global average pool: the mean of each channel.
///
/// # Shapes
/// - input `I`, `[C, H, W]`; output `O`, `[C]`
///
/// # Gradients
/// - `d_input = d_output / (H · W)`, of its channel
#[derive(Clone, Copy, Debug, Default)]
pub struct GlobalAvgPool<I, O>(PhantomData<(I, O)>);

impl<I: ImageShape, O: Shape> GlobalAvgPool<I, O> {
    /// The scalars of a channel.
    const PLANE: usize = I::IMAGE[1] * I::IMAGE[2];

    /// The pool of images of shape `I`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: ImageShape, const C: usize> Layer<T> for GlobalAvgPool<I, Rank1<C>> {
    type Input = I;
    type Output = Rank1<C>;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, Rank1<C>>, _: &mut [T]) {
        const { assert!(I::IMAGE[0] == C, "there is one mean a channel") };
        RowMeans { scalars: input.as_slice(), len: Self::PLANE, means: output.as_mut_slice() }.run();
    }

    fn backward(
        &self,
        _: Forward<'_, T, I, Rank1<C>>,
        d_output: Batch<'_, T, Rank1<C>>,
        d_input: Option<BatchMut<'_, T, I>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        let (d_means, d_scalars) = (d_output.as_slice(), d_input.as_mut_slice());
        RowMeansGradient { d_means, len: Self::PLANE, d_scalars }.run();
    }
}

#[cfg(test)]
mod tests {
    use super::GlobalAvgPool;
    use crate::testing::{check_layer, output, random};
    use crate::{Rank1, Rank3};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&GlobalAvgPool::<Rank3<3, 4, 5>, Rank1<3>>::new(), &random(2 * 60, 1));
    }

    #[test]
    fn each_channel_has_a_mean() {
        let pool = GlobalAvgPool::<Rank3<2, 1, 2>, Rank1<2>>::new();
        assert_eq!(output(&pool, &[1.0, 3.0, 10.0, 20.0]), [2.0, 15.0]);
    }
}
