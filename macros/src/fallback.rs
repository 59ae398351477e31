//! The declared names after a mistake, so that nothing else in the user's crate breaks.
//!
//! The same generator writes them, for a network whose output, and the input of each of its layers, is `Unknown` of its
//! first input: the compiler accepts it, and the mistake keeps it from ever running.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::codegen;
use crate::graph::{Edge, Graph, Layer, Node, Op, Role};
use crate::shape::Shape;
use crate::syntax::Element;

/// What is known of a network with mistakes, as stubs.
pub(crate) fn expand(graph: Graph) -> TokenStream {
    let has_inputs = graph.nodes.iter().any(|node| matches!(node.op, Op::Input(_)));
    let has_output = !matches!(&graph.output_shape, Shape::Dims(dims) if dims.is_empty());
    let stub = stub(graph);
    if has_inputs && has_output { codegen::expand(&stub) } else { codegen::parameters_only(&stub) }
}

/// Inputs, what nobody can compute, layers with parameters, and the output, which nobody can compute either.
fn stub(mut graph: Graph) -> Graph {
    let mut names = HashSet::new();
    graph.nodes.retain(|node| is_kept(node) && names.insert(node.name.clone()));
    let inputs = graph.nodes.iter().take_while(|node| matches!(node.op, Op::Input(_))).count();
    let edge = |node| Edge { node, asserted: true };
    let indices = graph.nodes.iter().position(|node| matches!(node.op, Op::Input(Element::Index)));
    for node in &mut graph.nodes {
        if let Op::Layer(layer) = &mut node.op {
            layer.input = edge(match layer.takes {
                Element::Scalar => inputs,
                Element::Index => indices.unwrap_or(0),
            });
        }
    }
    if let Some(first) = graph.nodes.first().filter(|_| inputs > 0) {
        let [value, output] = ["unknown", "unknown_output"].map(|name| unknown(&graph, first, name));
        graph.nodes.insert(inputs, value);
        graph.nodes.push(output);
    }
    let output = edge(graph.nodes.len().saturating_sub(1));
    Graph { test: false, output, assertions: TokenStream::new(), ..graph }
}

fn is_kept(node: &Node) -> bool {
    matches!(&node.op, Op::Input(_) | Op::Layer(Layer { role: Role::Field { .. }, .. }))
}

/// A value of the shape of the output, from the first input.
fn unknown(graph: &Graph, first: &Node, name: &str) -> Node {
    let krate = &graph.krate;
    let (from, to) = (first.shape.ty(krate), graph.output_shape.ty(krate));
    let ty = quote!(#krate::__private::Unknown::<#from, #to>);
    let Op::Input(takes) = first.op else { unreachable!("inputs come first") };
    let layer = Layer {
        kind: "unknown",
        takes,
        input: Edge { node: 0, asserted: false },
        role: Role::Function { value: quote!(#ty::new()) },
        ty,
        activation: None,
    };
    let name = Ident::new(name, Span::mixed_site());
    Node { name, op: Op::Layer(layer), shape: graph.output_shape.clone(), remark: None }
}
