pub use alloc::string::String;
pub use core;
pub use core::primitive::{bool, f32, f64, usize};

pub use constgrad_macros::network;
pub use nalgebra;
pub use rand;

pub use crate::activation::*;
pub use crate::columns::{backward_columns, forward_columns, predict_columns};
pub use crate::forward_pass::ForwardPass;
pub use crate::gradient_check::{check_gradients, grad_check, numerical_gradient};
pub use crate::input::{Input, InputSamples, columns};
pub use crate::input_gradients::InputGradients;
pub use crate::jacobian::Jacobians;
pub use crate::layer::*;
pub use crate::loss::*;
pub use crate::message::{MOST, Message, are_weights, dim, places, same_dims, without_padding};
pub use crate::network::{LayerInfo, Network, Pass, Port, least_samples};
pub use crate::operator::{Add, Binary, Div, Mul, Sub};
pub use crate::parameters::{Parameters, locate, no_tensor, present};
pub use crate::run::{accuracy, gradient, gradient_in, input_gradient, loss};
pub use crate::shape::{Fits, Rank1, Rank2, Rank3, Shape, fits};
pub use crate::summary::Summary;
pub use crate::tape::{Replay, Slots, Tape, any, kept_before, layer_backward, max, min, sum};
pub use crate::tensor_info::Layout;
pub use crate::trainable::Trainable;
pub use crate::{Batch, BatchMut, Init, IntoTarget, Mode, Scalar, Seed, Tensor, Workspace};

/// What names of generated code stand for where nothing else does; never called.
pub const fn free() {}
