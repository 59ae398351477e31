//! Operators: whether the shapes of several values go together.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::Inference;
use crate::arguments::Written;
use crate::assertion;
use crate::graph::{Edge, Layer, Node, Op, Operator, Role};
use crate::message::Message;
use crate::resolve::Operand;
use crate::shape::{Dim, Shape};
use crate::sizes::NO_ARITHMETIC;
use crate::syntax::Element;

impl Inference<'_, '_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Operand,
        right: &Operand,
        at: &TokenStream,
    ) -> Option<(Op, Shape)> {
        let (left_shape, right_shape) = (self.shape(left)?, self.shape(right)?);
        self.scalars("an operator", &[left, right], at)?;
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
        let mut edges = [self.edge(left, false), self.edge(right, false)];
        for (side, small, from, to) in [(0, left, &left_shape, &right_shape), (1, right, &right_shape, &left_shape)] {
            match from.axes_in(to)[..] {
                [] => {}
                [axis] => {
                    edges[side] = self.broadcast(edges[side], from, axis, to);
                    return Some((Op::Binary { operator, left: edges[0], right: edges[1] }, to.clone()));
                }
                ref axes => {
                    let (message, help) = unclear(message, small, from, axes, to);
                    let message = self.with_origins(message, [left, right], help);
                    self.errors.push(at, message);
                    return None;
                }
            }
        }
        let help = match (&left_shape, &right_shape) {
            (Shape::Dims(l), Shape::Dims(r)) if l.len() != r.len() => {
                let image = if l.len() > r.len() { left } else { right };
                Message::new(format_args!("make it a vector first: `{}.flatten()`", image.label))
            }
            (Shape::Dims(l), Shape::Dims(r)) if l.len() == 1 && r.len() == 1 => {
                Message::new(format_args!("give both one size, for example `{}.affine({})`", right.label, l[0]))
            }
            (Shape::Of(_), Shape::Dims(_)) => one_shape_or_repeated(left),
            (Shape::Dims(_), Shape::Of(_)) => one_shape_or_repeated(right),
            _ => Message::new("give both one shape"),
        };
        let message = self.with_origins(message, [left, right], help);
        let asserted = self.require(&right_shape, &left_shape, &message, at)?;
        edges[1].asserted |= asserted;
        Some((Op::Binary { operator, left: edges[0], right: edges[1] }, left_shape))
    }

    /// Adds a value of shape `to`, of which the one of shape `from` is a part from `axis` on.
    fn broadcast(&mut self, input: Edge, from: &Shape, axis: usize, to: &Shape) -> Edge {
        let krate = self.krate();
        let (from, axis) = (from.ty(krate), Dim::Literal(axis).argument());
        let to_ty = to.ty(krate);
        let ty = quote!(#krate::__private::Broadcast::<#from, #to_ty, #axis>);
        let role = Role::Function { value: quote!(#ty::new()) };
        let op = Op::Layer(Layer { kind: "broadcast", input, takes: Element::Scalar, ty, role, activation: None });
        self.inner("broadcast", op, to.clone())
    }

    /// Adds a node that is no value of the user: `broadcast1`, or what no value is named.
    pub(super) fn inner(&mut self, kind: &str, op: Op, shape: Shape) -> Edge {
        let name = self.inner_name(kind);
        self.nodes.push(Some(Node { name, op, shape, remark: None }));
        Edge { node: self.nodes.len() - 1, asserted: false }
    }

    fn inner_name(&self, kind: &str) -> Ident {
        let count = self.nodes.len() - self.node_of.len() + 1;
        let mut name = format!("{kind}{count}");
        while self.values.iter().any(|value| value.name == name) {
            name.push('_');
        }
        Ident::new(&name, Span::call_site())
    }

    pub(super) fn concat(&mut self, parts: &[Operand], axis: &Written<'_>, at: &TokenStream) -> Option<(Op, Shape)> {
        let shapes: Vec<Shape> = parts.iter().map(|part| self.shape(part)).collect::<Option<_>>()?;
        self.scalars("`concat`", &parts.iter().collect::<Vec<_>>(), at)?;
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

/// What to do about an operand of which only rustc knows the shape, and so the macro not that it is to be repeated.
fn one_shape_or_repeated(operand: &Operand) -> Message {
    let label = &operand.label;
    Message::new(format_args!("give both one shape; where one is to be repeated, say which: `let {label}: [1] = …`"))
}

/// What is wrong with a vector that is as long as several axes, and what says which is meant.
fn unclear(message: Message, vector: &Operand, shape: &Shape, axes: &[usize], larger: &Shape) -> (Message, Message) {
    let label = &vector.label;
    let (Shape::Dims(own), Shape::Dims(all)) = (shape, larger) else { return (message, Message::default()) };
    let mut help = Message::new("say which axis is meant:");
    for (index, &axis) in axes.iter().enumerate() {
        let mut dims = vec![Dim::Literal(1); all.len()];
        dims[axis] = own[0].clone();
        let or = if index == 0 { "" } else { " or" };
        help = help.text(format_args!("{or} `{label}.reshape(")).shape(&Shape::Dims(dims)).text(")`");
    }
    let axes: Vec<String> = axes.iter().map(usize::to_string).collect();
    (message.text(format_args!(": `{label}` fits axes {}", axes.join(" and "))), help)
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
