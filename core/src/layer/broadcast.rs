use core::marker::PhantomData;

use constgrad_kernels::resize::{Repeat, RepeatGradient};

use super::{Forward, Layer};
use crate::message::dim;
use crate::{Batch, BatchMut, Scalar, Shape};

/// Repetition: what makes a smaller operand of `+ - * /` as large as the other.
///
/// # Shapes
/// - output `O`; input `I`, whose dimensions stand in `O` from axis `AXIS` on. Each is that of `O`, or 1 and repeated, and so
///   are those that it does not have
///
/// # Gradients
/// - the sum of `d_output` over all that a scalar became
#[derive(Clone, Copy, Debug, Default)]
pub struct Broadcast<I, O, const AXIS: usize>(PhantomData<(I, O)>);

impl<I: Shape, O: Shape, const AXIS: usize> Broadcast<I, O, AXIS> {
    /// Input and output as three sizes, of which those of the input are 1 where it is repeated.
    const SIZES: [[usize; 3]; 2] = {
        let rank = O::DIMS.len();
        assert!(AXIS + I::DIMS.len() <= rank, "the input fits in the output");
        let (mut from, mut to) = ([1; 3], [1; 3]);
        let mut axis = 0;
        while axis < rank {
            let at = 3 - rank + axis;
            to[at] = O::DIMS[axis];
            from[at] = if axis < AXIS { 1 } else { dim(I::DIMS, axis - AXIS) };
            assert!(from[at] == to[at] || from[at] == 1, "a size is that of the output or 1");
            axis += 1;
        }
        // Long rows are faster than many.
        if from[1] == 1 && from[2] == 1 {
            to = [to[0], 1, to[1] * to[2]];
        }
        [from, to]
    };

    /// The layer from shape `I` to shape `O`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: Shape, O: Shape, const AXIS: usize> Layer<T> for Broadcast<I, O, AXIS> {
    type Input = I;
    type Output = O;

    fn forward(&self, input: Batch<'_, T, I>, mut output: BatchMut<'_, T, O>, _: &mut [T]) {
        Repeat { input: input.as_slice(), sizes: Self::SIZES, output: output.as_mut_slice() }.run();
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
        RepeatGradient { d_output, sizes: Self::SIZES, d_input }.run();
    }
}

#[cfg(test)]
mod tests {
    use super::Broadcast;
    use crate::testing::{check_layer, output, random};
    use crate::{Rank1, Rank2, Rank3};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&Broadcast::<Rank1<2>, Rank3<2, 3, 4>, 0>::new(), &random(2 * 2, 1));
        check_layer(&Broadcast::<Rank1<3>, Rank3<2, 3, 4>, 1>::new(), &random(2 * 3, 1));
        check_layer(&Broadcast::<Rank1<9>, Rank2<2, 9>, 1>::new(), &random(2 * 9, 1));
        check_layer(&Broadcast::<Rank1<1>, Rank1<9>, 0>::new(), &random(2, 1));
        check_layer(&Broadcast::<Rank1<1>, Rank3<2, 3, 4>, 0>::new(), &random(2, 1));
        check_layer(&Broadcast::<Rank3<1, 3, 4>, Rank3<2, 3, 4>, 0>::new(), &random(2 * 12, 1));
        check_layer(&Broadcast::<Rank3<2, 1, 4>, Rank3<2, 3, 4>, 0>::new(), &random(2 * 8, 1));
        check_layer(&Broadcast::<Rank3<2, 3, 1>, Rank3<2, 3, 4>, 0>::new(), &random(2 * 6, 1));
    }

    #[test]
    fn each_axis_is_repeated() {
        let rows = Broadcast::<Rank1<2>, Rank2<2, 3>, 0>::new();
        assert_eq!(output(&rows, &[1.0, 2.0, 3.0, 4.0]), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 4.0, 4.0]);
        let columns = Broadcast::<Rank1<2>, Rank2<3, 2>, 1>::new();
        assert_eq!(output(&columns, &[1.0, 2.0]), [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
        let ends = Broadcast::<Rank3<1, 2, 1>, Rank3<2, 2, 2>, 0>::new();
        assert_eq!(output(&ends, &[1.0, 2.0]), [1.0, 1.0, 2.0, 2.0, 1.0, 1.0, 2.0, 2.0]);
    }
}
