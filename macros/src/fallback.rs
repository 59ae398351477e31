//! The declared names after a mistake, so that nothing else in the user's crate breaks.
//!
//! The same generator writes them, for a network that feeds its first input to every layer and returns it:
//! the compiler accepts it, and the mistake keeps it from ever running.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::codegen;
use crate::graph::{Edge, Graph, Layer, Op, Role};
use crate::shape::Shape;

/// What is known of a network with mistakes, as stubs.
pub(crate) fn expand(graph: Graph) -> TokenStream {
    let stub = stub(graph);
    let has_inputs = stub.nodes.iter().any(|node| matches!(node.op, Op::Input));
    let has_output = !matches!(&stub.output_shape, Shape::Dims(dims) if dims.is_empty());
    let network = if has_inputs && has_output { codegen::expand(&stub) } else { codegen::parameters_only(&stub) };
    // A layer with parameters may be what is missing.
    let init = stub.nodes.iter().all(|node| matches!(node.op, Op::Input)).then(|| codegen::init(&stub));
    quote!(#network #init)
}

/// Inputs, and layers with parameters.
fn stub(mut graph: Graph) -> Graph {
    let mut names = HashSet::new();
    graph.nodes.retain_mut(|node| match &mut node.op {
        Op::Layer(Layer { role: Role::Function { .. }, .. }) => false,
        Op::Input | Op::Layer(_) if !names.insert(node.name.clone()) => false,
        Op::Input => true,
        Op::Layer(layer) => {
            layer.input = first_input();
            true
        }
        _ => false,
    });
    Graph { test: false, output: first_input(), assertions: TokenStream::new(), ..graph }
}

fn first_input() -> Edge {
    Edge { node: 0, asserted: true }
}
