//! Scalars side by side: a register of them with the operators of one.

mod lanes;
mod real;
mod vector;

pub(crate) use lanes::{LANES, Lanes};
pub use real::Real;
pub use vector::{Mask, Vector};
