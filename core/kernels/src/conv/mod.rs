//! Convolution: the three products of a convolution, without a matrix of windows.
//!
//! A vector holds neighbouring outputs of one row, so that every load runs along a row of the image, shifted by the column
//! of the kernel. Padding, and columns that a stride leaves out between neighbours, are taken care of first, by a copy of
//! the image (`layout.rs`); where there are none, the image is read as it is.

mod d_input;
mod d_weight;
mod forward;
mod layout;
mod reduce;
#[cfg(test)]
mod tests;

pub use d_input::ConvolutionInputGradient;
pub use d_weight::ConvolutionWeightGradient;
pub use forward::Convolution;
pub use layout::Geometry;

runs!(Convolution, work => crate::work::run(work));
runs!(ConvolutionWeightGradient, work => crate::work::run(work));
runs!(ConvolutionInputGradient, work => crate::work::run(work));
