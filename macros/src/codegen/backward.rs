//! The backward pass: reads the values back, then collects the gradient of each, from the last to the first.
//!
//! The gradient of value `x` is collected in the local `d_x`, so no other local may start with `d_`.

use proc_macro2::{Ident, TokenStream};

use super::{Reader, Slot, forward};
use crate::graph::{Edge, Graph, Layer, Op, Role};
use crate::shape::Dim;

pub(super) fn method(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let inputs = forward::inputs(graph, &tokens!(pass.inputs), &tokens!(pass.samples));
    let output = graph.output_shape.ty(&graph.krate);
    let values = (0..graph.nodes.len()).map(|index| value(graph, index));
    let readers = graph.readers();
    let slots = graph.slots().into_iter().map(|slot| room(graph, &slot, &readers));
    let gradients = (0..graph.nodes.len()).rev().map(|index| match readers[index] {
        Reader::Parameters => gradients(graph, index),
        Reader::Inputs => {
            let gradients = gradients(graph, index);
            if gradients.is_empty() { gradients } else { tokens!(if with_inputs { #gradients }) }
        }
        Reader::Nobody => TokenStream::new(),
    });
    tokens! {
        fn backward_slices(
            &self,
            pass: #p::Pass<'_, T>,
            d_inputs: #p::core::option::Option<&mut [T]>,
            gradients: #p::core::option::Option<&mut Self>,
        ) {
            let with_inputs = d_inputs.is_some();
            let mut gradients = gradients;
            #inputs
            let output = #p::Batch::<T, #output>::new(pass.output, pass.samples);
            let output_gradient = #p::Batch::<T, #output>::new(pass.d_output, pass.samples);
            let mut replay = #p::Replay::new(pass.cache, pass.samples, pass.mode);
            #(#values)*
            let mut slots = #p::Slots::new(pass.scratch, d_inputs, pass.samples);
            #(#slots)*
            let scratch = slots.scratch();
            #(#gradients)*
        }
    }
}

/// Reads one value back.
fn value(graph: &Graph, index: usize) -> TokenStream {
    let node = &graph.nodes[index];
    let name = &node.name;
    let shape = node.shape.ty(&graph.krate);
    let is_last = index == graph.last();
    match &node.op {
        Op::Layer(_) if graph.activation_of(index).is_some() => TokenStream::new(),
        Op::Layer(layer) => {
            if let Some((before, first)) = graph.computed_with(index) {
                let (activation, holder) = (node.holder(layer), graph.nodes[before].holder(first));
                let input = operand(graph, first.input);
                return super::at_activation(
                    node,
                    tokens!(let #name = replay.activated(&#holder, #input, &#activation);),
                );
            }
            let holder = node.holder(layer);
            let input = operand(graph, layer.input);
            if is_last {
                let output = graph.last_edge().reshaped(tokens!(output));
                tokens!(let #name = replay.last(&#holder, #input, #output);)
            } else {
                tokens!(let #name = replay.layer(&#holder, #input);)
            }
        }
        Op::Binary { .. } | Op::Concat { .. } if !is_last => tokens!(let #name = replay.value::<#shape>();),
        Op::Reshape { value } if !graph.is_alias_of_last(index) => {
            let value = batch(graph, value.node);
            tokens!(let #name = #value.reshape::<#shape>();)
        }
        _ => TokenStream::new(),
    }
}

/// Room for one gradient.
fn room(graph: &Graph, slot: &Slot<'_>, readers: &[Reader]) -> TokenStream {
    let name = slot.node.slot();
    let shape = slot.node.shape.ty(&graph.krate);
    let condition = match (&slot.node.op, readers[slot.index]) {
        (_, Reader::Nobody) => return tokens!(let mut #name = slots.nothing();),
        (Op::Input(_), _) | (_, Reader::Parameters) => TokenStream::new(),
        (_, Reader::Inputs) => tokens!(.only_if(with_inputs)),
    };
    let kind = match (&slot.node.op, slot.shared) {
        (Op::Input(_), false) => tokens!(input),
        (Op::Input(_), true) => tokens!(shared_input),
        (_, false) => tokens!(value),
        (_, true) => tokens!(shared_value),
    };
    tokens!(let mut #name = slots.#kind::<#shape>()#condition;)
}

/// Sends the gradients of what value `index` is computed from.
fn gradients(graph: &Graph, index: usize) -> TokenStream {
    let p = graph.private();
    let node = &graph.nodes[index];
    let shape = node.shape.ty(&graph.krate);
    match &node.op {
        Op::Layer(layer) => of_layer(graph, index, layer),
        Op::Binary { operator, left, right } => {
            let operator = operator.ty(&p);
            let (d_left, d_right) = (slot(graph, *left), slot(graph, *right));
            let (left, right) = (operand(graph, *left), operand(graph, *right));
            let gradient = gradient(graph, index);
            tokens! {
                #d_left.left::<#shape>(#operator, #left, #right, #gradient);
                #d_right.right::<#shape>(#operator, #left, #right, #gradient);
            }
        }
        Op::Concat { parts, pieces } => of_parts(graph, parts, pieces, &shape, &gradient(graph, index)),
        Op::Input(_) if index == graph.last() => {
            let slot = node.slot();
            tokens!(#slot.copy(output_gradient);)
        }
        Op::Input(_) | Op::Reshape { .. } => TokenStream::new(),
    }
}

fn of_layer(graph: &Graph, index: usize, layer: &Layer) -> TokenStream {
    let node = &graph.nodes[index];
    if graph.computed_with(index).is_some() {
        let (slot, activation, value) = (node.slot(), node.holder(layer), &node.name);
        return super::at_activation(node, tokens!(#slot.activated(&#activation, #value);));
    }
    // By now the gradient of an activation's output has become that of the layer before it.
    let activation = graph.activation_of(index);
    let value = activation.unwrap_or(index);
    let (name, gradient) = (&graph.nodes[value].name, gradient(graph, value));
    let forward = if activation.is_some() { tokens!(#name.layer) } else { tokens!(#name) };
    let slot = slot(graph, layer.input);
    let holder = node.holder(layer);
    let field = match &layer.role {
        Role::Function { .. } | Role::Field { frozen: true, .. } | Role::Shared { frozen: true, .. } => {
            let p = graph.private();
            return tokens!(#slot.layer(&#holder, #forward, #gradient, #p::core::option::Option::None, scratch););
        }
        Role::Field { .. } => &node.name,
        Role::Shared { field, .. } => field,
    };
    let gradients = tokens!(gradients.as_deref_mut().map(|gradients| &mut gradients.#field));
    // The applications are gone through from the last to the first.
    let is_first = graph.applications(field).into_iter().all(|application| application <= index);
    let method = if is_first { tokens!(layer) } else { tokens!(layer_again) };
    tokens!(#slot.#method(&#holder, #forward, #gradient, #gradients, scratch);)
}

fn of_parts(graph: &Graph, parts: &[Edge], pieces: &Dim, shape: &TokenStream, gradient: &TokenStream) -> TokenStream {
    let p = graph.private();
    let pieces = pieces.expression();
    let lens: Vec<_> = parts.iter().map(|part| graph.len(&graph.nodes[part.node])).collect();
    let part = |(index, part): (usize, &Edge)| {
        let slot = slot(graph, *part);
        let part = graph.nodes[part.node].shape.ty(&graph.krate);
        let before = &lens[..index];
        tokens!(#slot.part::<#part, #shape>(#p::sum(&[#(#before),*]), #pieces, #gradient);)
    };
    parts.iter().enumerate().map(part).collect()
}

/// A value of the forward pass as a batch.
fn batch(graph: &Graph, index: usize) -> TokenStream {
    let name = &graph.nodes[index].name;
    if matches!(graph.nodes[index].op, Op::Layer(_)) { tokens!(#name.output) } else { tokens!(#name) }
}

/// The value that a layer or operator takes.
fn operand(graph: &Graph, edge: Edge) -> TokenStream {
    edge.reshaped(batch(graph, edge.node))
}

/// The local that collects the gradient of what `edge` uses.
fn slot(graph: &Graph, edge: Edge) -> Ident {
    graph.nodes[graph.owner(edge)].slot()
}

/// The gradient of value `index`.
fn gradient(graph: &Graph, index: usize) -> TokenStream {
    if index == graph.last() {
        return graph.last_edge().reshaped(tokens!(output_gradient));
    }
    let slot = graph.nodes[index].slot();
    tokens!(#slot.gradient())
}
