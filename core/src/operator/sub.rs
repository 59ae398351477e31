use super::Binary;
use crate::Scalar;
use crate::formulas::Axpy;

/// Difference: `output = left - right`, each pair of scalars by itself.
///
/// # Shapes
/// - left, right and output the same
///
/// # Gradients
/// - `d_left = d_output`, `d_right = -d_output`
#[derive(Clone, Copy, Debug)]
pub struct Sub;

impl<T: Scalar> Binary<T> for Sub {
    fn forward(self, left: &[T], right: &[T], output: &mut [T]) {
        output.copy_from_slice(left);
        T::map(Axpy(-1.0), [right], [output]);
    }

    fn d_left(self, _: [&[T]; 2], d_output: &[T], d_left: &mut [T]) {
        d_left.copy_from_slice(d_output);
    }

    fn d_right(self, _: [&[T]; 2], d_output: &[T], d_right: &mut [T]) {
        d_right.fill(T::ZERO);
        T::map(Axpy(-1.0), [d_output], [d_right]);
    }
}
