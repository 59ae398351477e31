//! An activation, a loss, an optimizer and a layer of one's own, each a copy of a built-in one.
//!
//! What they use is public, so they compute the same bits; the benchmark compares their times, with `--own`.

#![forbid(unsafe_code)]

mod adam;
mod affine;
mod huber;
mod silu;

pub use adam::Adam;
pub use affine::Affine;
pub use huber::Huber;
pub use silu::Silu;
