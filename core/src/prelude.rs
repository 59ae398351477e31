//! What a program with networks usually needs: `use constgrad::prelude::*;`.

pub use nalgebra::{Const, Dyn, OMatrix, SMatrix, SVector};

pub use crate::{GradCheck, Init, Momentum, Network, Parameters, Sgd, network};
