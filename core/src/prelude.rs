//! What a program with networks usually needs: `use constgrad::prelude::*;`.

pub use nalgebra::{Const, Dyn, OMatrix, SMatrix, SVector};

pub use crate::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
pub use crate::{GradCheck, Init, Network, Parameters, Trainable, network};
