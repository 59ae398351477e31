use core::marker::PhantomData;

use constgrad_kernels::pool::{WindowMax, WindowMaxGradient};
use constgrad_kernels::window::Pool;

use super::window::pool;
use super::{Forward, Layer, Slides};
use crate::shape::ImageShape;
use crate::{Batch, BatchMut, Scalar};

/// Max pool: each output the greatest scalar of its window; padding is never the greatest.
///
/// # Shapes
/// - input `I`, `[C, H, W]` or `[C, L]`; output `O`, as many channels, with as many rows and columns as the window `W` has
///   places: `⌊(size + 2 padding - kernel) / stride⌋ + 1`
///
/// # Gradients
/// - `d_output` to the scalar that is the greatest, the first of several in the order of rows and columns; a scalar in
///   several windows gets the sum
#[derive(Clone, Copy, Debug, Default)]
pub struct MaxPool<I, O, W>(PhantomData<(I, O, W)>);

impl<I: ImageShape, O: ImageShape, W: Slides> MaxPool<I, O, W> {
    const POOL: Pool = pool::<I, O, W>();

    /// The pool from images of shape `I` to images of shape `O`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: ImageShape, O: ImageShape, W: Slides> Layer<T> for MaxPool<I, O, W> {
    type Input = I;
    type Output = O;

    const SCRATCH: usize = O::LEN;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, O>, _: &mut [T]) {
        WindowMax { input: input.as_slice(), pool: Self::POOL, output: output.as_mut_slice() }.run();
    }

    fn backward(
        &self,
        forward: Forward<'_, T, I, O>,
        d_output: Batch<'_, T, O>,
        d_input: Option<BatchMut<'_, T, I>>,
        _: Option<&mut Self>,
        scratch: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        let forward = [forward.input.as_slice(), forward.output.as_slice()];
        let (d_output, d_input) = (d_output.as_slice(), d_input.as_mut_slice());
        WindowMaxGradient { forward, pool: Self::POOL, d_output, d_input, scratch }.run();
    }
}

#[cfg(test)]
mod tests {
    use super::MaxPool;
    use crate::layer::Slide;
    use crate::testing::{check_layer, d_input, output, random};
    use crate::{Rank2, Rank3};

    type Halves = MaxPool<Rank3<1, 2, 4>, Rank3<1, 1, 2>, Slide<2, 2, 2, 2, 0, 0, 1, 1>>;

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        let overlapping = MaxPool::<Rank3<2, 5, 7>, Rank3<2, 3, 3>, Slide<3, 4, 2, 2, 1, 1, 1, 1>>::new();
        check_layer(&overlapping, &random(3 * 70, 1));
        let odd = MaxPool::<Rank3<2, 5, 7>, Rank3<2, 2, 3>, Slide<2, 2, 2, 2, 0, 0, 1, 1>>::new();
        check_layer(&odd, &random(3 * 70, 3));
        let signal = MaxPool::<Rank2<3, 9>, Rank2<3, 4>, Slide<1, 2, 1, 2, 0, 0, 1, 1>>::new();
        check_layer(&signal, &random(2 * 27, 2));
    }

    #[test]
    fn the_first_of_several_gets_the_gradient() {
        let input = [1.0, 2.0, 3.0, 3.0, 2.0, 1.0, 3.0, 0.0];
        assert_eq!(output(&Halves::new(), &input), [2.0, 3.0]);
        assert_eq!(d_input(&Halves::new(), &input, &[5.0, 7.0]), [0.0, 5.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_nan_spoils_its_window_and_no_other() {
        for position in [0, 1, 4, 5] {
            let mut input = [1.0; 8];
            input[position] = f64::NAN;
            let output = output(&Halves::new(), &input);
            assert!(output[0].is_nan() && output[1] == 1.0, "{output:?}");
        }
    }
}
