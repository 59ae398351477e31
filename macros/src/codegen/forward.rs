//! The forward pass: each value in order, the last one straight to the output.

use proc_macro2::TokenStream;

use crate::graph::{Edge, Graph, Layer, Node, Op};
use crate::syntax::Element;

pub(super) fn method(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let inputs = inputs(graph, &tokens!(inputs), &tokens!(samples));
    let output = graph.output_shape.ty(&graph.krate);
    let values = (0..graph.nodes.len()).map(|index| statement(graph, index));
    tokens! {
        fn forward_slices(&self, inputs: &[#p::Input<'_, T>], output: &mut [T], cache: &mut [T], samples: #p::usize, mode: #p::Mode) {
            #inputs
            let output = #p::BatchMut::<T, #output>::new(output, samples);
            let mut tape = #p::Tape::new(cache, samples, mode);
            #(#values)*
        }
    }
}

/// The inputs as batches.
pub(super) fn inputs(graph: &Graph, inputs: &TokenStream, samples: &TokenStream) -> TokenStream {
    let input = |(index, input): (usize, &Node)| {
        let name = &input.name;
        let shape = input.shape.ty(&graph.krate);
        match graph.element(index) {
            Element::Scalar => tokens!(let #name = #inputs[#index].scalars::<#shape>(#samples);),
            Element::Index => tokens!(let #name = #inputs[#index].indices::<#shape>(#samples);),
        }
    };
    graph.inputs().enumerate().map(input).collect()
}

fn statement(graph: &Graph, index: usize) -> TokenStream {
    let node = &graph.nodes[index];
    if index == graph.last() {
        return last(graph, node);
    }
    let p = graph.private();
    let name = &node.name;
    let shape = node.shape.ty(&graph.krate);
    match &node.op {
        Op::Layer(layer) => of_layer(graph, index, layer),
        Op::Binary { operator, left, right } => {
            let operator = operator.ty(&p);
            let (left, right) = (operand(graph, *left), operand(graph, *right));
            tokens!(let #name = tape.binary::<#shape>(#operator, #left, #right);)
        }
        Op::Concat { parts, pieces } => {
            let (parts, pieces) = (slices(graph, parts), pieces.expression());
            tokens!(let #name = tape.concat::<#shape>(#parts, #pieces);)
        }
        Op::Reshape { value } if !graph.is_alias_of_last(index) => {
            let value = &graph.nodes[value.node].name;
            tokens!(let #name = #value.reshape::<#shape>();)
        }
        Op::Input(_) | Op::Reshape { .. } => TokenStream::new(),
    }
}

/// A layer, with its activation where it computes that too.
fn of_layer(graph: &Graph, index: usize, layer: &Layer) -> TokenStream {
    let node = &graph.nodes[index];
    let name = &node.name;
    let holder = node.holder(layer);
    if let Some((before, layer)) = graph.computed_with(index) {
        let (activation, holder) = (holder, graph.nodes[before].holder(layer));
        let input = operand(graph, layer.input);
        return super::at_activation(node, tokens!(let #name = tape.activated(&#holder, #input, &#activation);));
    }
    if graph.activation_of(index).is_some() {
        return TokenStream::new();
    }
    let input = operand(graph, layer.input);
    tokens!(let #name = tape.layer(&#holder, #input);)
}

/// The value that is written to the output.
fn last(graph: &Graph, node: &Node) -> TokenStream {
    let p = graph.private();
    let shape = node.shape.ty(&graph.krate);
    let output = graph.last_edge().reshaped(tokens!(output));
    match &node.op {
        Op::Layer(layer) => {
            let holder = node.holder(layer);
            let input = operand(graph, layer.input);
            tokens!(tape.last(&#holder, #input, #output);)
        }
        Op::Binary { operator, left, right } => {
            let operator = operator.ty(&p);
            let (left, right) = (operand(graph, *left), operand(graph, *right));
            tokens!(tape.last_binary::<#shape>(#operator, #left, #right, #output);)
        }
        Op::Concat { parts, pieces } => {
            let (parts, pieces) = (slices(graph, parts), pieces.expression());
            tokens!(tape.last_concat::<#shape>(#parts, #pieces, #output);)
        }
        Op::Input(_) => {
            let input = &node.name;
            tokens!(tape.copy(#input, #output);)
        }
        Op::Reshape { .. } => TokenStream::new(),
    }
}

/// The value that a layer or operator takes.
fn operand(graph: &Graph, edge: Edge) -> TokenStream {
    let value = &graph.nodes[edge.node].name;
    edge.reshaped(tokens!(#value))
}

fn slices(graph: &Graph, parts: &[Edge]) -> TokenStream {
    let parts = parts.iter().map(|part| &graph.nodes[part.node].name);
    tokens!(&[#(#parts.as_slice()),*])
}
