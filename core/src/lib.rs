//! Compile-time-typed neural networks: see [`network!`].
#![cfg_attr(not(feature = "std"), no_std)]
#![doc(test(attr(deny(warnings))))]

extern crate alloc;
// Generated code says `::constgrad`, here too.
extern crate self as constgrad;

mod batch;
mod gradient_check;
#[cfg(feature = "std")]
pub mod idx;
mod init;
mod input_gradients;
mod kernel;
pub mod layer;
pub mod loss;
mod message;
mod network;
mod operator;
mod optimizer;
mod parameters;
pub mod prelude;
mod run;
mod samples;
mod scalar;
mod shape;
mod tape;
mod target;
mod tensor;
#[cfg(test)]
mod testing;
mod workspace;

pub use batch::{Batch, BatchMut};
pub use gradient_check::{Comparison, GradCheck, GradientReport, TensorReport};
pub use init::Init;
pub use layer::{Forward, Layer};
pub use network::{LayerInfo, Network, Pass, Port};
pub use optimizer::{Momentum, Sgd};
pub use parameters::Parameters;
pub use scalar::Scalar;
pub use shape::{Rank1, Rank2, Rank3, Shape};
pub use target::{Classes, IntoTarget, Target};
pub use tensor::Tensor;
pub use workspace::Workspace;

/// What generated code calls; not for use by hand, and free to change.
#[doc(hidden)]
pub mod __private;

/// Declares a network; see the [crate documentation](crate).
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => {
        $crate::__private::network! { ($crate) $($tokens)* }
    };
}
