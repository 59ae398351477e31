use core::marker::PhantomData;

use super::{Forward, Layer};
use crate::operator::{part, place};
use crate::{Batch, BatchMut, Scalar, Shape};

/// A part of each sample along one axis: `O` of `I`, which has `PIECES` pieces before the axis, and in each of them `BEFORE`
/// scalars before the part.
///
/// # Shapes
/// - input `I`, output `O`: the same but for the size of the axis
///
/// # Gradients
/// - `d_output` where it came from, 0 elsewhere
#[derive(Clone, Copy, Debug, Default)]
pub struct Slice<I, O, const PIECES: usize, const BEFORE: usize>(PhantomData<(I, O)>);

impl<I: Shape, O: Shape, const PIECES: usize, const BEFORE: usize> Slice<I, O, PIECES, BEFORE> {
    /// The part of shape `O` of samples of shape `I`.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Scalar, I: Shape, O: Shape, const PIECES: usize, const BEFORE: usize> Layer<T> for Slice<I, O, PIECES, BEFORE> {
    type Input = I;
    type Output = O;

    fn forward(&self, input: Batch<'_, T, I>, output: BatchMut<'_, T, O>, _: &mut [T]) {
        part(input, BEFORE, PIECES, output);
    }

    fn backward(
        &self,
        _: Forward<'_, T, I, O>,
        d_output: Batch<'_, T, O>,
        d_input: Option<BatchMut<'_, T, I>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        if let Some(d_input) = d_input {
            place(d_output, BEFORE, PIECES, d_input);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slice;
    use crate::testing::{check_layer, output, random};
    use crate::{Rank1, Rank3};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&Slice::<Rank3<2, 4, 3>, Rank3<2, 2, 3>, 2, 3>::new(), &random(3 * 24, 1));
    }

    #[test]
    fn a_vector_is_cut() {
        assert_eq!(output(&Slice::<Rank1<4>, Rank1<2>, 1, 1>::new(), &[1.0, 2.0, 3.0, 4.0]), [2.0, 3.0]);
    }
}
