use core::marker::PhantomData;

use constgrad_kernels::resize::{Enlarge, EnlargeGradient};

use super::{Forward, Layer};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Scalar};

/// Nearest-neighbour upsampling: each row and each column several times.
///
/// # Shapes
/// - input `I`, `[C, H, W]`; output `O`, `[C, a · H, b · W]`
///
/// # Gradients
/// - the sum of `d_output` over all that a scalar became
#[derive(Clone, Copy, Debug, Default)]
pub struct Upsample<I, O>(PhantomData<(I, O)>);

impl<I: ImageShape, O: ImageShape> Upsample<I, O> {
    /// How often a row and a column appear.
    const FACTORS: [usize; 2] = {
        let ([channels, rows, columns], [output_channels, output_rows, output_columns]) = (I::IMAGE, O::IMAGE);
        assert!(
            channels == output_channels && output_rows.is_multiple_of(rows) && output_columns.is_multiple_of(columns)
        );
        [output_rows / rows, output_columns / columns]
    };

    /// The layer from images of shape `I` to images of shape `O`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: ImageShape, O: ImageShape> Layer<T> for Upsample<I, O> {
    type Input = I;
    type Output = O;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, O>, _: &mut [T]) {
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        Enlarge { input, width: I::IMAGE[2], factors: Self::FACTORS, output }.run();
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
        EnlargeGradient { d_output, width: I::IMAGE[2], factors: Self::FACTORS, d_input }.run();
    }
}

#[cfg(test)]
mod tests {
    use super::Upsample;
    use crate::Rank3;
    use crate::testing::{check_layer, output, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&Upsample::<Rank3<2, 3, 2>, Rank3<2, 6, 6>>::new(), &random(2 * 12, 1));
    }

    #[test]
    fn rows_and_columns_are_repeated() {
        let twice = Upsample::<Rank3<1, 2, 2>, Rank3<1, 4, 2>>::new();
        assert_eq!(output(&twice, &[1.0, 2.0, 3.0, 4.0]), [1.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 4.0]);
    }
}
