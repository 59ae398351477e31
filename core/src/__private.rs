pub use alloc::string::String;
pub use core;
pub use nalgebra;
pub use rand;

pub use crate::gradient_check::{grad_check, numerical_gradient};
pub use crate::network::Pass;
pub use crate::parameters::{join_name, locate, no_tensor};
pub use crate::run::{accuracy, backward, gradient, gradient_in, input_gradient, loss, predict};
pub use crate::samples::Samples;
pub use crate::tape::{Replay, Slots, Tape, layer_backward, max, sum};
