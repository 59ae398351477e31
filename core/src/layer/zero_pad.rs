use core::marker::PhantomData;

use constgrad_kernels::resize::{Crop, Pad};

use super::{Forward, Layer};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Scalar};

/// Zeros around each channel, as many before as after.
///
/// # Shapes
/// - input `I`, `[C, H, W]`; output `O`, `[C, H + 2a, W + 2b]`
///
/// # Gradients
/// - `d_input = d_output` without what belongs to the zeros
#[derive(Clone, Copy, Debug, Default)]
pub struct ZeroPad<I, O>(PhantomData<(I, O)>);

impl<I: ImageShape, O: ImageShape> ZeroPad<I, O> {
    /// Rows and columns of the input.
    const IMAGE: [usize; 2] = [I::IMAGE[1], I::IMAGE[2]];

    /// The rows before the first, and the columns.
    const PADDING: [usize; 2] = {
        let ([channels, rows, columns], [output_channels, output_rows, output_columns]) = (I::IMAGE, O::IMAGE);
        let padding = [(output_rows - rows) / 2, (output_columns - columns) / 2];
        assert!(channels == output_channels && output_rows == rows + 2 * padding[0]);
        assert!(output_columns == columns + 2 * padding[1]);
        padding
    };

    /// The layer from images of shape `I` to images of shape `O`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: ImageShape, O: ImageShape> Layer<T> for ZeroPad<I, O> {
    type Input = I;
    type Output = O;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, O>, _: &mut [T]) {
        let (input, output) = (input.as_slice(), output.as_mut_slice());
        Pad { input, image: Self::IMAGE, padding: Self::PADDING, output }.run();
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
        let (padded, output) = (d_output.as_slice(), d_input.as_mut_slice());
        Crop { padded, image: Self::IMAGE, padding: Self::PADDING, output }.run();
    }
}

#[cfg(test)]
mod tests {
    use super::ZeroPad;
    use crate::Rank3;
    use crate::testing::{check_layer, output, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&ZeroPad::<Rank3<2, 3, 2>, Rank3<2, 5, 8>>::new(), &random(2 * 12, 1));
    }

    #[test]
    fn zeros_are_on_all_sides() {
        let around = ZeroPad::<Rank3<1, 1, 2>, Rank3<1, 3, 4>>::new();
        assert_eq!(output(&around, &[1.0, 2.0]), [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }
}
