use super::Binary;
use crate::Scalar;

/// Sum: `output = left + right`, each pair of scalars by itself.
///
/// # Shapes
/// - left, right and output the same
///
/// # Gradients
/// - `d_left = d_output`, `d_right = d_output`
#[derive(Clone, Copy, Debug)]
pub struct Add;

impl<T: Scalar> Binary<T> for Add {
    fn value(self, left: T, right: T) -> T {
        left + right
    }

    fn d_left(self, _: T, _: T, d_output: T) -> T {
        d_output
    }

    fn d_right(self, _: T, _: T, d_output: T) -> T {
        d_output
    }
}
