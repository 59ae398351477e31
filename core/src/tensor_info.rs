//! What is known of the tensors of a layer or network: a tree of constants, which const code can read.

use core::fmt;

/// A tensor of a layer or network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TensorInfo {
    /// Its path through fields, such as `affine1.weight`.
    pub name: TensorName,
    /// Its dimensions, outermost first, the last one fastest in memory, as `PyTorch` has them: a matrix of `R` rows and `C`
    /// columns is `[C, R]`. Their product is the number of its scalars.
    pub dims: &'static [usize],
    /// What it is to training.
    pub role: Role,
}

/// What a tensor is to training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Role {
    /// It has a gradient, and optimizers move it.
    Trained,
    /// It is part of a [frozen](crate::layer::Frozen) layer, and stays as it is. In gradients it has no scalars.
    Frozen,
    /// It is no parameter but a running mean over batches, such as that of [`BatchNorm`](crate::layer::BatchNorm), which its
    /// layer moves: no optimizer sees it. In gradients it has no scalars.
    Statistic,
}

/// The tensors of a layer or network, in order, with their names.
#[derive(Debug)]
pub struct Layout(Node);

#[derive(Debug)]
enum Node {
    Tensor { dims: &'static [usize], role: Role },
    Fields(&'static [(&'static str, &'static Layout)]),
    Frozen(&'static Layout),
}

impl Layout {
    /// One tensor, which is trained.
    #[must_use]
    pub const fn trained(dims: &'static [usize]) -> Self {
        Self(Node::Tensor { dims, role: Role::Trained })
    }

    /// One tensor, which is a statistic.
    #[must_use]
    pub const fn statistic(dims: &'static [usize]) -> Self {
        Self(Node::Tensor { dims, role: Role::Statistic })
    }

    /// Fields, one after the other, with their names.
    #[must_use]
    pub const fn fields(fields: &'static [(&'static str, &'static Self)]) -> Self {
        Self(Node::Fields(fields))
    }

    /// The same tensors, frozen.
    #[must_use]
    pub const fn frozen(layout: &'static Self) -> Self {
        Self(Node::Frozen(layout))
    }

    /// The number of tensors.
    #[must_use]
    pub const fn tensors(&self) -> usize {
        match self.0 {
            Node::Tensor { .. } => 1,
            Node::Frozen(layout) => layout.tensors(),
            Node::Fields(fields) => {
                let (mut count, mut field) = (0, 0);
                while field < fields.len() {
                    count += fields[field].1.tensors();
                    field += 1;
                }
                count
            }
        }
    }

    /// The number of scalars of all tensors, or of those with a `role`.
    #[must_use]
    pub const fn scalars(&self, role: Option<Role>) -> usize {
        let (mut scalars, mut index) = (0, 0);
        while let Some((dims, of_tensor)) = self.find(index, false) {
            if match role {
                None => true,
                Some(role) => role as u8 == of_tensor as u8,
            } {
                let (mut product, mut dim) = (1, 0);
                while dim < dims.len() {
                    product *= dims[dim];
                    dim += 1;
                }
                scalars += product;
            }
            index += 1;
        }
        scalars
    }

    /// Dims and role of tensor `index`, where there is one.
    const fn find(&self, index: usize, frozen: bool) -> Option<(&'static [usize], Role)> {
        match self.0 {
            Node::Tensor { .. } if index > 0 => None,
            Node::Tensor { dims, .. } if frozen => Some((dims, Role::Frozen)),
            Node::Tensor { dims, role } => Some((dims, role)),
            Node::Frozen(layout) => layout.find(index, true),
            Node::Fields(fields) => {
                let (mut index, mut field) = (index, 0);
                while field < fields.len() {
                    let layout = fields[field].1;
                    let count = layout.tensors();
                    if index < count {
                        return layout.find(index, frozen);
                    }
                    index -= count;
                    field += 1;
                }
                None
            }
        }
    }

    /// Tensor `index`.
    ///
    /// # Panics
    /// If there are not so many.
    #[must_use]
    #[track_caller]
    pub const fn info(&'static self, index: usize) -> TensorInfo {
        match self.find(index, false) {
            Some((dims, role)) => TensorInfo { name: TensorName { layout: self, index }, dims, role },
            None => panic!("a tensor was asked for that is beyond the last"),
        }
    }

    /// All tensors, in order.
    #[must_use]
    pub fn iter(&'static self) -> impl ExactSizeIterator<Item = TensorInfo> {
        (0..self.tensors()).map(|index| self.info(index))
    }

    /// The field that holds tensor `index` at this `depth` of fields in fields.
    const fn field(&self, index: usize, depth: usize) -> Option<&'static str> {
        match self.0 {
            Node::Tensor { .. } => None,
            Node::Frozen(layout) => layout.field(index, depth),
            Node::Fields(fields) => {
                let (mut index, mut field) = (index, 0);
                while field < fields.len() {
                    let (name, layout) = fields[field];
                    let count = layout.tensors();
                    if index < count {
                        return if depth == 0 { Some(name) } else { layout.field(index, depth - 1) };
                    }
                    index -= count;
                    field += 1;
                }
                None
            }
        }
    }
}

/// The path of a tensor through the fields that hold it, such as `affine1.weight`: it is displayed, and compared with `str`.
#[derive(Clone, Copy)]
pub struct TensorName {
    layout: &'static Layout,
    index: usize,
}

impl TensorName {
    /// Its parts, from the outermost field on.
    pub fn parts(self) -> impl Iterator<Item = &'static str> {
        (0..).map_while(move |depth| self.layout.field(self.index, depth))
    }
}

impl fmt::Display for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, part) in self.parts().enumerate() {
            let dot = if depth > 0 { "." } else { "" };
            write!(f, "{dot}{part}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for TensorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl PartialEq for TensorName {
    fn eq(&self, other: &Self) -> bool {
        self.parts().eq(other.parts())
    }
}

impl Eq for TensorName {}

impl PartialEq<str> for TensorName {
    fn eq(&self, other: &str) -> bool {
        let mut rest = Some(other);
        for (depth, part) in self.parts().enumerate() {
            let after_dot = rest.and_then(|rest| if depth > 0 { rest.strip_prefix('.') } else { Some(rest) });
            rest = after_dot.and_then(|rest| rest.strip_prefix(part));
        }
        rest == Some("")
    }
}

impl PartialEq<&str> for TensorName {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use super::{Layout, Role};

    const INNER: Layout = Layout::fields(&[
        ("weight", &Layout::trained(&[2, 3])),
        ("bias", &Layout::trained(&[2])),
        ("running_mean", &Layout::statistic(&[2])),
    ]);
    const OUTER: Layout = Layout::fields(&[("first", &INNER), ("second", &Layout::frozen(&INNER))]);

    #[test]
    fn a_tensor_is_found_by_its_place() {
        const THIRD: &str = if matches!(OUTER.info(2).role, Role::Statistic) { "statistic" } else { "" };
        assert_eq!(THIRD, "statistic");
        let roles: Vec<_> = OUTER.iter().map(|tensor| tensor.role).collect();
        assert_eq!(roles, [Role::Trained, Role::Trained, Role::Statistic, Role::Frozen, Role::Frozen, Role::Frozen]);
        assert_eq!(OUTER.info(3).dims, [2, 3]);
        assert_eq!((OUTER.tensors(), OUTER.scalars(None)), (6, 20));
        assert_eq!([Role::Trained, Role::Statistic, Role::Frozen].map(|role| OUTER.scalars(Some(role))), [8, 2, 10]);
    }

    #[test]
    fn a_name_is_the_path_through_the_fields() {
        let name = OUTER.info(4).name;
        assert_eq!(name.to_string(), "second.bias");
        assert!(name == "second.bias" && name != "second" && name != "second.bias." && name != "secondbias");
        assert!(name == OUTER.info(4).name && name != OUTER.info(1).name);
    }

    #[test]
    #[should_panic(expected = "a tensor was asked for that is beyond the last")]
    fn there_is_none_beyond_the_last() {
        let _ = OUTER.info(6);
    }
}
