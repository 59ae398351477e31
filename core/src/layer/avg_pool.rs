use core::marker::PhantomData;

use constgrad_kernels::pool::{WindowMean, WindowMeanGradient};
use constgrad_kernels::window::Pool;

use super::window::pool;
use super::{Forward, Layer, Slides};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Scalar};

/// Average pool: each output the mean of its window, in which padding counts as zeros.
///
/// # Shapes
/// - input `I`, `[C, H, W]` or `[C, L]`; output `O`, as many channels, with as many rows and columns as the window `W` has
///   places: `⌊(size + 2 padding - kernel) / stride⌋ + 1`
///
/// # Gradients
/// - `d_output` in equal shares to the window; a scalar in several windows gets the sum
#[derive(Clone, Copy, Debug, Default)]
pub struct AvgPool<I, O, W>(PhantomData<(I, O, W)>);

impl<I: ImageShape, O: ImageShape, W: Slides> AvgPool<I, O, W> {
    const POOL: Pool = pool::<I, O, W>();

    /// The pool from images of shape `I` to images of shape `O`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: ImageShape, O: ImageShape, W: Slides> Layer<T> for AvgPool<I, O, W> {
    type Input = I;
    type Output = O;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, O>, _: &mut [T]) {
        WindowMean { input: input.as_slice(), pool: Self::POOL, output: output.as_mut_slice() }.run();
    }

    fn backward(
        &self,
        _: Forward<'_, T, I, O>,
        d_output: Batch<'_, T, O>,
        d_input: Option<BatchMut<'_, T, I>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        let (d_output, d_input) = (d_output.as_slice(), d_input.as_mut_slice());
        WindowMeanGradient { d_output, pool: Self::POOL, d_input }.run();
    }
}

#[cfg(test)]
mod tests {
    use super::AvgPool;
    use crate::Rank3;
    use crate::layer::Slide;
    use crate::testing::{check_layer, output, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let overlapping = AvgPool::<Rank3<2, 5, 7>, Rank3<2, 3, 3>, Slide<3, 4, 2, 2, 1, 1, 1, 1>>::new();
        check_layer(&overlapping, &random(3 * 70, 1));
    }

    #[test]
    fn padding_counts_as_zeros() {
        let corners = AvgPool::<Rank3<1, 2, 2>, Rank3<1, 2, 2>, Slide<2, 2, 2, 2, 1, 1, 1, 1>>::new();
        assert_eq!(output(&corners, &[4.0, 8.0, 12.0, 16.0]), [1.0, 2.0, 3.0, 4.0]);
    }
}
