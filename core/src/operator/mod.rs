//! Operators: what joins several values to one, each with its gradients beside it.

mod add;
mod concat;
mod mul;
mod sub;

pub use add::Add;
pub use mul::Mul;
pub use sub::Sub;

pub(crate) use concat::{concat, part};

/// An operator between two values of the same shape, each pair of scalars by itself.
pub trait Binary<T>: Copy {
    /// The output for two scalars.
    fn value(self, left: T, right: T) -> T;

    /// The gradient of the left scalar.
    fn d_left(self, left: T, right: T, d_output: T) -> T;

    /// The gradient of the right scalar.
    fn d_right(self, left: T, right: T, d_output: T) -> T;
}

#[cfg(test)]
mod tests {
    use super::{Add, Binary, Mul, Sub};
    use crate::testing::{assert_close, central_differences, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check(Add);
        check(Sub);
        check(Mul);
    }

    fn check(operator: impl Binary<f64>) {
        let [left, right, d_output] = random(3, 3)[..] else { unreachable!() };
        let found = [operator.d_left(left, right, d_output), operator.d_right(left, right, d_output)];
        assert_close(&found, &central_differences(&[left, right], |at| d_output * operator.value(at[0], at[1])));
    }
}
