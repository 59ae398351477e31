use super::Binary;
use crate::Scalar;

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
    fn value(self, left: T, right: T) -> T {
        left * right
    }

    fn d_left(self, _: T, right: T, d_output: T) -> T {
        d_output * right
    }

    fn d_right(self, left: T, _: T, d_output: T) -> T {
        d_output * left
    }
}
