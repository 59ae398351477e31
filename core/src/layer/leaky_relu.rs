use core::marker::PhantomData;

use super::elementwise::{Elementwise, elementwise_layer};
use crate::Scalar;

/// Leaky rectifier: `output = input` where `input > 0`, otherwise `slope · input`, each scalar by itself.
///
/// # Shapes
/// - input and output any shape `S`
///
/// # Gradients
/// - `d_input = d_output` where `input > 0`, otherwise `slope · d_output`; so the derivative at 0 is `slope`
#[derive(Clone, Copy, Debug)]
pub struct LeakyRelu<S> {
    slope: f64,
    shape: PhantomData<S>,
}

impl<S> LeakyRelu<S> {
    /// The leaky rectifier over samples of shape `S`, with this slope left of 0.
    #[must_use]
    pub const fn new(slope: f64) -> Self {
        Self { slope, shape: PhantomData }
    }
}

impl<T: Scalar, S> Elementwise<T> for LeakyRelu<S> {
    fn value(&self, input: T) -> T {
        if input <= T::ZERO { T::nearest(self.slope) * input } else { input }
    }

    fn d_input(&self, input: T, _: T, d_output: T) -> T {
        if input <= T::ZERO { T::nearest(self.slope) * d_output } else { d_output }
    }
}

elementwise_layer!(LeakyRelu);
