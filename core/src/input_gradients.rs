//! The gradients of the inputs of a network, as matrices.

use alloc::vec::Vec;
use core::mem;

use nalgebra::{Const, Dyn, OMatrix};

use crate::part::{self, Division};
use crate::{Network, Scalar};

/// The gradients of all inputs, handed out in the order of the inputs.
#[derive(Debug)]
pub struct InputGradients<T> {
    /// Part after part, and in each part input after input.
    scalars: Vec<T>,
    division: Division,
    /// Scalars of all inputs, a sample.
    all: usize,
    /// Those of the inputs that were handed out.
    taken: usize,
}

impl<T: Scalar> InputGradients<T> {
    /// Takes what a backward pass through `N` wrote.
    pub(crate) fn new<N: Network<Scalar = T>>(scalars: Vec<T>, division: Division) -> Self {
        Self { scalars, division, all: part::input_scalars::<N>(), taken: 0 }
    }

    /// The gradient of the next input of scalars, of `LEN` a sample.
    ///
    /// # Panics
    /// If there are no more.
    pub fn take<const LEN: usize>(&mut self) -> OMatrix<T, Const<LEN>, Dyn> {
        let Self { division, all, taken, .. } = *self;
        self.taken += LEN;
        let columns = Dyn(division.samples);
        if LEN == all {
            return OMatrix::from_vec_generic(Const, columns, mem::take(&mut self.scalars));
        }
        let of_part = |part| {
            let samples = division.part(part);
            self.scalars[all * samples.start + taken * samples.len()..][..LEN * samples.len()].iter().copied()
        };
        OMatrix::from_iterator_generic(Const, columns, (0..division.parts).flat_map(of_part))
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use nalgebra::{Matrix1x2, Matrix1x3, Matrix2, Matrix2x3};

    use super::{Division, InputGradients};

    #[test]
    fn inputs_follow_each_other() {
        let division = Division { samples: 2, parts: 1 };
        let scalars = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let mut d_inputs = InputGradients { scalars, division, all: 3, taken: 0 };
        assert_eq!(d_inputs.take::<1>(), Matrix1x2::new(1.0, 2.0));
        assert_eq!(d_inputs.take::<2>(), Matrix2::new(3.0, 5.0, 4.0, 6.0));
    }

    #[test]
    fn an_input_is_gathered_from_all_parts() {
        let division = Division { samples: 3, parts: 2 };
        let scalars = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
        let mut d_inputs = InputGradients { scalars, division, all: 3, taken: 0 };
        assert_eq!(d_inputs.take::<1>(), Matrix1x3::new(1.0, 4.0, 5.0));
        assert_eq!(d_inputs.take::<2>(), Matrix2x3::new(2.0, 6.0, 8.0, 3.0, 7.0, 9.0));
    }
}
