//! The tensors of a network as files name them.

use std::collections::BTreeSet;

use crate::{Parameters, Role, TensorInfo};

/// Which tensor of the network it is, what it is called, and its dims.
pub(super) struct Tensor {
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) dims: &'static [usize],
    pub(super) role: Role,
}

impl Tensor {
    /// Its `scalars`.
    ///
    /// # Panics
    /// If they are not as many as the dims say.
    pub(super) fn checked<'a, T>(&self, scalars: &'a [T]) -> &'a [T] {
        let Self { name, dims, .. } = self;
        assert!(
            scalars.len() == dims.iter().product::<usize>(),
            "`{name}` has {} scalars, but dims {dims:?}",
            scalars.len()
        );
        scalars
    }
}

/// All tensors of a network, in its order.
///
/// # Panics
/// If two have the same name.
pub(super) fn tensors<N: Parameters>() -> Vec<Tensor> {
    let tensor = |(index, TensorInfo { name, dims, role })| Tensor { index, name: name.to_string(), dims, role };
    let tensors: Vec<_> = N::LAYOUT.iter().enumerate().map(tensor).collect();
    let mut names = BTreeSet::new();
    for Tensor { name, .. } in &tensors {
        assert!(names.insert(name), "two tensors are named `{name}`");
    }
    tensors
}
