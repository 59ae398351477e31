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

pub(super) use d_input::InputGradient;
pub(super) use d_weight::WeightGradient;
pub(super) use forward::Forward;
pub(crate) use layout::Geometry;
