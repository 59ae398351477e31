//! `attention(queries, keys, values)`: whether their shapes go together.

use proc_macro2::TokenStream;
use quote::quote;

use super::Inference;
use crate::catalogue::ATTENTION;
use crate::graph::{Layer, Op, Role};
use crate::message::Message;
use crate::resolve::Operand;
use crate::shape::{Dim, Shape};
use crate::sizes::NO_ARITHMETIC;
use crate::syntax::Element;

impl Inference<'_, '_> {
    /// The layer takes its three values joined to one.
    pub(super) fn attention(&mut self, parts: &[Operand; 3], is_causal: bool, at: &TokenStream) -> Option<(Op, Shape)> {
        let shapes: Vec<Shape> = parts.iter().map(|part| self.shape(part)).collect::<Option<_>>()?;
        let [queries, keys, values] = parts;
        self.scalars("`attention`", &[queries, keys, values], at)?;
        let mut sizes: Vec<[Dim; 2]> = Vec::new();
        for (shape, part) in shapes.iter().zip(parts) {
            sizes.push(self.sequence(shape, part, at)?);
        }
        let both = |first: usize, second: usize| {
            Message::new(format_args!("but `{}` has shape ", parts[first].label))
                .shape(&shapes[first])
                .text(format_args!(" and `{}` has shape ", parts[second].label))
                .shape(&shapes[second])
        };
        let widths = Message::new("queries and keys have one width, ").join(both(0, 1));
        self.same(&sizes[1][1], &sizes[0][1], widths, [queries, keys], at)?;
        let counts = Message::new("each key has a value, ").join(both(1, 2));
        self.same(&sizes[2][0], &sizes[1][0], counts, [keys, values], at)?;
        if is_causal {
            let positions =
                Message::new("in a causal attention each query has a position among the keys, ").join(both(0, 1));
            self.same(&sizes[1][0], &sizes[0][0], positions, [queries, keys], at)?;
        }
        let lens: Vec<Dim> = sizes.iter().map(Dim::product).collect();
        let len = Dim::sum(lens.iter())?;
        let [[positions, width], [count, _], [_, values]] = &sizes[..] else { return None };
        let output = Shape::Dims(vec![positions.clone(), values.clone()]);
        let arguments = [&len, positions, count, width, values].map(Dim::argument);
        let krate = self.krate();
        let ty = quote!(#krate::__private::Attention::<#(#arguments,)* #is_causal>);
        let edges = parts.iter().map(|part| self.edge(part, false)).collect();
        let joined = Op::Concat { parts: edges, pieces: Dim::Literal(1) };
        let input = self.inner("attended", joined, Shape::Dims(vec![len]));
        let role = Role::Function { value: quote!(#ty::new()) };
        let layer = Layer { kind: ATTENTION, input, takes: Element::Scalar, ty, role, activation: None };
        Some((Op::Layer(layer), output))
    }

    /// Positions and width of a sequence.
    fn sequence(&mut self, shape: &Shape, part: &Operand, at: &TokenStream) -> Option<[Dim; 2]> {
        let message = Message::new(format_args!(
            "`attention` takes sequences `[positions, scalars]`, but `{}` has shape ",
            part.label
        ))
        .shape(shape);
        let message = self.with_chain(message, part);
        let message = match shape {
            Shape::Dims(dims) if dims.len() == 2 && !shape.is_generic() => {
                return Some([dims[0].clone(), dims[1].clone()]);
            }
            Shape::Dims(_) if shape.is_generic() => message.note(Message::new(NO_ARITHMETIC)),
            Shape::Dims(_) => {
                message.help(Message::new(format_args!("say which shape it is: `{}.reshape([4, 8])`", part.label)))
            }
            Shape::Of(_) => {
                message.help(Message::new(format_args!("say it in a `let`: `let {}: [4, 8] = …`", part.label)))
            }
        };
        self.errors.push(at, message);
        None
    }

    fn same(
        &mut self,
        found: &Dim,
        expected: &Dim,
        message: Message,
        operands: [&Operand; 2],
        at: &TokenStream,
    ) -> Option<bool> {
        let message = self.with_origins(message, operands, Message::new("change the layers before it"));
        let [found, expected] = [found, expected].map(|size| Shape::Dims(vec![size.clone()]));
        self.require(&found, &expected, &message, at)
    }
}
