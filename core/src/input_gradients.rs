//! The gradients of the inputs of a network, as matrices.

use alloc::vec::{IntoIter, Vec};

use nalgebra::{Const, Dyn, OMatrix};

use crate::Scalar;

/// The gradients of all inputs, handed out in the order of the inputs.
#[derive(Debug)]
pub struct InputGradients<T> {
    rest: IntoIter<T>,
    samples: usize,
}

impl<T: Scalar> InputGradients<T> {
    /// Takes what a backward pass over `samples` samples wrote.
    #[must_use]
    pub fn new(d_inputs: Vec<T>, samples: usize) -> Self {
        Self { rest: d_inputs.into_iter(), samples }
    }

    /// The gradient of the next input, of `LEN` scalars a sample.
    ///
    /// # Panics
    /// If there are no more.
    pub fn take<const LEN: usize>(&mut self) -> OMatrix<T, Const<LEN>, Dyn> {
        let scalars = self.rest.by_ref().take(LEN * self.samples);
        OMatrix::from_iterator_generic(Const, Dyn(self.samples), scalars)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use nalgebra::{Matrix1x2, Matrix2};

    use super::InputGradients;

    #[test]
    fn inputs_follow_each_other() {
        let mut d_inputs = InputGradients::new(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2);
        assert_eq!(d_inputs.take::<1>(), Matrix1x2::new(1.0, 2.0));
        assert_eq!(d_inputs.take::<2>(), Matrix2::new(3.0, 5.0, 4.0, 6.0));
    }
}
