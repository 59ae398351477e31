use constgrad::activation::Activation;
use constgrad::{Real, Simd, Vector, compiled};

/// A copy of [`constgrad::activation::Silu`].
#[derive(Clone, Copy, Debug)]
pub struct Silu;

#[compiled]
impl Activation for Silu {
    fn value<S: Simd, T: Real>(&self, input: Vector<S, T>) -> Vector<S, T> {
        input.times_sigmoid()
    }

    fn d_input<S: Simd, T: Real>(&self, [input, _]: [Vector<S, T>; 2], d_output: Vector<S, T>) -> Vector<S, T> {
        let sigmoid = input.sigmoid();
        d_output * sigmoid * (1.0 + input * (1.0 - sigmoid))
    }
}
