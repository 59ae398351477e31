use super::Binary;
use crate::Scalar;
use crate::formulas::Multiply;

/// Product: `output = left · right`, each pair of scalars by itself.
///
/// # Shapes
/// - left, right and output the same
///
/// # Gradients
/// - `d_left = d_output · right`, `d_right = d_output · left`
#[derive(Clone, Copy, Debug)]
pub struct Mul;

impl<T: Scalar> Binary<T> for Mul {
    fn forward(self, left: &[T], right: &[T], output: &mut [T]) {
        T::map(Multiply, [left, right], [output]);
    }

    fn d_left(self, [_, right]: [&[T]; 2], d_output: &[T], d_left: &mut [T]) {
        T::map(Multiply, [d_output, right], [d_left]);
    }

    fn d_right(self, [left, _]: [&[T]; 2], d_output: &[T], d_right: &mut [T]) {
        T::map(Multiply, [d_output, left], [d_right]);
    }
}
