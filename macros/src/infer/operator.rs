//! Operators: whether the shapes of several values go together.

use proc_macro2::TokenStream;
use quote::quote;

use super::Inference;
use crate::arguments::Written;
use crate::assertion;
use crate::graph::{Op, Operator};
use crate::message::Message;
use crate::resolve::Operand;
use crate::shape::{Dim, Shape};
use crate::sizes::NO_ARITHMETIC;

impl Inference<'_, '_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Operand,
        right: &Operand,
        at: &TokenStream,
    ) -> Option<(Op, Shape)> {
        let (left_shape, right_shape) = (self.shape(left)?, self.shape(right)?);
        let (l, r) = (format!("`{}` of shape ", left.label), format!("`{}` of shape ", right.label));
        let message = match operator {
            Operator::Add => {
                Message::new("cannot add ").text(r).shape(&right_shape).text(" to ").text(l).shape(&left_shape)
            }
            Operator::Sub => {
                Message::new("cannot subtract ").text(r).shape(&right_shape).text(" from ").text(l).shape(&left_shape)
            }
            Operator::Mul => {
                Message::new("cannot multiply ").text(l).shape(&left_shape).text(" by ").text(r).shape(&right_shape)
            }
            Operator::Div => {
                Message::new("cannot divide ").text(l).shape(&left_shape).text(" by ").text(r).shape(&right_shape)
            }
        };
        let help = match (&left_shape, &right_shape) {
            (Shape::Dims(l), Shape::Dims(r)) if l.len() != r.len() => {
                let image = if l.len() > r.len() { left } else { right };
                Message::new(format_args!("make it a vector first: `{}.flatten()`", image.label))
            }
            (Shape::Dims(l), Shape::Dims(r)) if l.len() == 1 && r.len() == 1 => {
                Message::new(format_args!("give both one size, for example `{}.affine({})`", right.label, l[0]))
            }
            _ => Message::new("give both one shape"),
        };
        let message = self.with_origins(message, [left, right], help);
        let asserted = self.require(&right_shape, &left_shape, &message, at)?;
        let op = Op::Binary { operator, left: self.edge(left, false), right: self.edge(right, asserted) };
        Some((op, left_shape))
    }

    pub(super) fn concat(&mut self, parts: &[Operand], axis: &Written<'_>, at: &TokenStream) -> Option<(Op, Shape)> {
        let shapes: Vec<Shape> = parts.iter().map(|part| self.shape(part)).collect::<Option<_>>()?;
        let mut dims: Vec<Vec<Dim>> = Vec::new();
        for (shape, part) in shapes.iter().zip(parts) {
            dims.push(self.concat_dims(shape, part, at)?);
        }
        let axis = self.axis(axis, &parts[0], &shapes[0], &dims[0])?;
        let mut edges = vec![self.edge(&parts[0], false)];
        for index in 1..parts.len() {
            let but = if axis == 0 { "the first".to_owned() } else { format!("that of axis {axis}") };
            let message = Message::new(format_args!("cannot concat `{}` of shape ", parts[0].label))
                .shape(&shapes[0])
                .text(format_args!(" with `{}` of shape ", parts[index].label))
                .shape(&shapes[index])
                .text(format_args!(": all dimensions but {but} have to be equal"));
            let help = Message::new("make them vectors first: `concat(a.flatten(), b.flatten())`");
            let message = self.with_origins(message, [&parts[0], &parts[index]], help);
            let others = |dims: &[Dim]| {
                let others = dims.iter().enumerate().filter(|&(at, _)| at != axis);
                Shape::Dims(others.map(|(_, dim)| dim.clone()).collect())
            };
            let asserted = self.require(&others(&dims[index]), &others(&dims[0]), &message, at)?;
            edges.push(self.edge(&parts[index], asserted));
        }
        let Some(sum) = Dim::sum(dims.iter().map(|dims| &dims[axis])) else {
            let message = format!("cannot concat shapes with a const parameter: {NO_ARITHMETIC}");
            self.errors
                .push(at, message + "\n= help: add another parameter for the sum, and use `.affine(SUM)` with `+`");
            return None;
        };
        let pieces = Dim::product(&dims[0][..axis]);
        let mut shape = dims.swap_remove(0);
        shape[axis] = sum;
        Some((Op::Concat { parts: edges, pieces }, Shape::Dims(shape)))
    }

    /// The axis along which values are joined, of which `first` is one.
    fn axis(&mut self, written: &Written<'_>, first: &Operand, shape: &Shape, dims: &[Dim]) -> Option<usize> {
        let Written::Sizes(written) = written else { return Some(0) };
        let axis = self.sizes.size_or_zero(written.numbers[0], self.errors)?;
        if let Some(axis) = axis.literal().filter(|&axis| axis < dims.len()) {
            return Some(axis);
        }
        let message = no_axis("concat", &axis, &first.label, shape, dims.len());
        self.errors.push(written.at, message);
        None
    }

    /// The dimensions of a part of `concat`; a shape that only rustc knows has to be a vector.
    fn concat_dims(&mut self, shape: &Shape, part: &Operand, at: &TokenStream) -> Option<Vec<Dim>> {
        match shape {
            Shape::Dims(dims) => Some(dims.clone()),
            Shape::Of(own) if own.generic => {
                let label = &part.label;
                let message = format!(
                    "the shape of `{label}` depends on a const parameter, and {NO_ARITHMETIC}\n\
                     = help: `concat` takes values of fixed sizes"
                );
                self.errors.push(at, message);
                None
            }
            Shape::Of(_) => {
                let message =
                    Message::new(format_args!("`concat` needs to know the shape of `{}`, which is ", part.label))
                        .shape(shape)
                        .help(
                            Message::new(format_args!("say it in a `let`: `let {}: ", part.label))
                                .shape(shape)
                                .text(" = …`"),
                        );
                let dims = shape.dims(self.krate());
                self.assertions.extend(assertion::constant(self.krate(), &quote!(#dims.len() == 1), &message, at));
                Some(vec![Dim::of_len(shape, self.krate())])
            }
        }
    }
}

/// What is wrong with an axis that a shape of `rank` dimensions does not have, or that is no number.
pub(crate) fn no_axis(function: &str, axis: &Dim, input: &str, shape: &Shape, rank: usize) -> Message {
    let start = match axis.literal() {
        Some(axis) => Message::new(format_args!("`{function}` is along axis {axis}, but ")),
        None => Message::new(format_args!("the axis of `{function}` is a number, and ")),
    };
    start.text(format_args!("`{input}` of shape ")).shape(shape).text(match rank {
        1 => " has axis 0 only".to_owned(),
        _ => format!(" has axes 0 to {}", rank - 1),
    })
}
