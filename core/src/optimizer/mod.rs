//! Optimizers: how gradients change a network.
//!
//! What an optimizer remembers of each parameter it holds in the network's own type.

mod momentum;
mod sgd;

pub use momentum::Momentum;
pub use sgd::Sgd;
