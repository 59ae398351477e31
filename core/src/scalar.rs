//! The scalar types: `f32` and `f64`.

use crate::kernel::Kernel;

/// `f32` or `f64`: real arithmetic from nalgebra, inner loops from the kernels.
pub trait Scalar: nalgebra::RealField + bytemuck::Pod + Kernel {
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;

    /// The nearest scalar.
    fn nearest(value: f64) -> Self;

    /// The same value, exactly.
    fn to_f64(self) -> f64;

    /// The error function `2/√π · ∫₀ˣ e^(-t²) dt`.
    fn erf(self) -> Self;
}

impl Scalar for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
    fn nearest(value: f64) -> Self {
        value as Self
    }

    fn to_f64(self) -> f64 {
        f64::from(self)
    }

    fn erf(self) -> Self {
        libm::erff(self)
    }
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    fn nearest(value: f64) -> Self {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }

    fn erf(self) -> Self {
        libm::erf(self)
    }
}
