use super::Binary;
use crate::Scalar;
use crate::formulas::{Divide, DivisorGradient};

/// Quotient: `output = left / right`, each pair of scalars by itself.
///
/// # Shapes
/// - left, right and output the same
///
/// # Gradients
/// - `d_left = d_output / right`, `d_right = -d_output · left / right²`
#[derive(Clone, Copy, Debug)]
pub struct Div;

impl<T: Scalar> Binary<T> for Div {
    fn forward(self, left: &[T], right: &[T], output: &mut [T]) {
        T::map(Divide, [left, right], [output]);
    }

    fn d_left(self, [_, right]: [&[T]; 2], d_output: &[T], d_left: &mut [T]) {
        T::map(Divide, [d_output, right], [d_left]);
    }

    fn d_right(self, operands: [&[T]; 2], d_output: &[T], d_right: &mut [T]) {
        d_right.copy_from_slice(d_output);
        T::map(DivisorGradient, operands, [d_right]);
    }
}
