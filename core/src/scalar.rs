//! The scalar types: `f32` and `f64`.

use constgrad_kernels::Precision;

/// `f32` or `f64`: real arithmetic from nalgebra, and the three methods of [`Precision`] through which the kernels are called.
pub trait Scalar: nalgebra::RealField + bytemuck::Pod + Precision {
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;

    /// The root of the least normal scalar: a product of two that are no smaller is not subnormal.
    const TINY: Self;

    /// The steps of numerical gradients, from the usual one down to where rounding of the loss begins to show.
    ///
    /// `f64` starts with the book's `1e-4`; `f32` near the cube root of its precision, where central differences are best.
    const STEPS: [f64; 3];
    /// How far a gradient may be from its central difference, relative to the greatest of gradient, loss and 1.
    ///
    /// A hundred times what rounding and curvature make of the difference for ordinary losses.
    const TOLERANCE: f64;

    /// The nearest scalar.
    fn nearest(value: f64) -> Self;

    /// The same value, exactly.
    fn to_f64(self) -> f64;
}

impl Scalar for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const TINY: Self = 1.084_202_2e-19;
    const STEPS: [f64; 3] = [5e-3, 1e-3, 2e-4];
    const TOLERANCE: f64 = 5e-3;

    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
    fn nearest(value: f64) -> Self {
        value as Self
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const TINY: Self = 1.491_668_146_240_041_3e-154;
    const STEPS: [f64; 3] = [1e-4, 5e-6, 2e-7];
    const TOLERANCE: f64 = 1e-7;

    fn nearest(value: f64) -> Self {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }
}
