//! Operators: what joins several values to one, each with its gradients beside it.

mod add;
mod concat;
mod div;
mod mul;
mod sub;

pub use add::Add;
pub use div::Div;
pub use mul::Mul;
pub use sub::Sub;

pub(crate) use concat::{concat, part, place};

/// An operator between two values of the same shape, each pair of scalars by itself.
pub trait Binary<T>: Copy {
    /// Computes every scalar of `output`.
    fn forward(self, left: &[T], right: &[T], output: &mut [T]);

    /// Computes every scalar of the gradient of the left operand.
    fn d_left(self, operands: [&[T]; 2], d_output: &[T], d_left: &mut [T]);

    /// Computes every scalar of the gradient of the right operand.
    fn d_right(self, operands: [&[T]; 2], d_output: &[T], d_right: &mut [T]);
}

#[cfg(test)]
mod tests {
    use super::{Add, Binary, Div, Mul, Sub};
    use crate::testing::{assert_close, central_differences, dot, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check(Add);
        check(Sub);
        check(Mul);
        check(Div);
    }

    fn check(operator: impl Binary<f64>) {
        const LEN: usize = 5;
        let (operands, d_output) = (random(2 * LEN, 1), random(LEN, 2));
        let (left, right) = operands.split_at(LEN);
        let mut gradients = [f64::NAN; 2 * LEN];
        let (d_left, d_right) = gradients.split_at_mut(LEN);
        operator.d_left([left, right], &d_output, d_left);
        operator.d_right([left, right], &d_output, d_right);
        let numerical = central_differences(&operands, |operands| {
            let mut output = [f64::NAN; LEN];
            operator.forward(&operands[..LEN], &operands[LEN..], &mut output);
            dot(&d_output, &output)
        });
        assert_close(&gradients, &numerical);
    }
}
