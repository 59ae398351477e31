//! `impl Network`: what is known of the network, and its two passes.

use proc_macro2::TokenStream;

use super::{backward, forward};
use crate::graph::{Graph, Layer, Node, Op, Role};
use crate::shape::{Dim, Shape};
use crate::syntax::Element;

pub(super) fn implementation(graph: &Graph) -> TokenStream {
    let name = &graph.name;
    let p = graph.private();
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let inputs = graph.inputs_name();
    let output = graph.output_shape.ty(&graph.krate);
    let loss = loss(graph);
    let consts = consts(graph);
    let forward = forward::method(graph);
    let backward = backward::method(graph);
    tokens! {
        #[automatically_derived]
        #[allow(non_snake_case, unused_mut, unused_variables, clippy::all, clippy::pedantic)]
        impl #parameters #p::Network for #name #arguments #bounds {
            type Output = #output;
            type Inputs = #inputs #arguments;
            #loss
            #consts
            #forward
            #backward
        }
    }
}

fn loss(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let (ty, value) = match &graph.loss {
        Some(loss) => (loss.ty.clone(), loss.value.clone()),
        None => (tokens!(#p::NoLoss), tokens!(#p::NoLoss)),
    };
    let scores = match (&graph.loss, &graph.output_shape) {
        (Some(_), Shape::Dims(dims)) => dims.last().map(Dim::expression),
        _ => None,
    };
    let all = tokens!(<Self::Output as #p::Shape>::LEN);
    let scores = scores
        .map_or_else(|| all.clone(), |last| tokens!(if <#ty as #p::Loss<T>>::PER_POSITION { #last } else { #all }));
    tokens! {
        type Loss = #ty;
        const LOSS: Self::Loss = #value;
        const SCORES: #p::usize = #scores;
    }
}

fn consts(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let ports = graph.inputs().enumerate().map(|(index, input)| port(graph, index, input));
    let infos = graph.layers().map(|layer| info(graph, layer));
    let multiply_adds = graph.layers().map(|(_, layer)| layer_const(graph, layer, &tokens!(MULTIPLY_ADDS)));
    let random = graph.layers().map(|(_, layer)| layer_const(graph, layer, &tokens!(RANDOM)));
    let whole_batch = graph.layers().map(|(_, layer)| layer_const(graph, layer, &tokens!(WHOLE_BATCH)));
    let cache = cache(graph);
    let (scratch, scratch_once) = (scratch(graph), scratch_once(graph));
    tokens! {
        const INPUTS: &'static [#p::Port] = &[#(#ports),*];
        const LAYERS: &'static [#p::LayerInfo] = &[#(#infos),*];
        const MULTIPLY_ADDS: #p::usize = #p::sum(&[#(#multiply_adds),*]);
        const RANDOM: #p::bool = #p::any(&[#(#random),*]);
        const WHOLE_BATCH: #p::bool = #p::any(&[#(#whole_batch),*]);
        const CACHE: #p::usize = #cache;
        const SCRATCH: #p::usize = #scratch;
        const SCRATCH_ONCE: #p::usize = #scratch_once;
    }
}

fn port(graph: &Graph, index: usize, input: &Node) -> TokenStream {
    let p = graph.private();
    let name = input.text();
    let dims = dims(graph, input);
    let indices = match graph.element(index) {
        Element::Scalar => tokens!(#p::core::option::Option::None),
        Element::Index => {
            let readers = graph.layers().filter(|(_, layer)| layer.input.node == index);
            let indices = readers.map(|(_, layer)| layer_const(graph, layer, &tokens!(INDICES)));
            tokens!(#p::core::option::Option::Some(#p::min(&[#(#indices),*])))
        }
    };
    tokens!(#p::Port { name: #name, dims: #dims, indices: #indices })
}

fn info(graph: &Graph, (node, layer): (&Node, &Layer)) -> TokenStream {
    let p = graph.private();
    let name = node.text();
    let Layer { kind, ty, role, .. } = layer;
    let dims = dims(graph, node);
    let parameters = match role {
        Role::Field { .. } => tokens!(<#ty as #p::Parameters>::COUNT),
        Role::Shared { .. } | Role::Function { .. } => tokens!(0),
    };
    let multiply_adds = layer_const(graph, layer, &tokens!(MULTIPLY_ADDS));
    let least_samples = layer_const(graph, layer, &tokens!(LEAST_SAMPLES));
    tokens! {
        #p::LayerInfo {
            name: #name,
            kind: #kind,
            dims: #dims,
            parameters: #parameters,
            multiply_adds: #multiply_adds,
            least_samples: #least_samples,
        }
    }
}

fn dims(graph: &Graph, node: &Node) -> TokenStream {
    let p = graph.private();
    let shape = node.shape.ty(&graph.krate);
    tokens!(<#shape as #p::Shape>::DIMS)
}

fn layer_const(graph: &Graph, layer: &Layer, name: &TokenStream) -> TokenStream {
    let (ty, layer) = (&layer.ty, graph.layer_trait(layer));
    tokens!(<#ty as #layer>::#name)
}

/// Every value that is computed but the last, and what the layers keep.
fn cache(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let values = graph.kept().map(|(_, node)| graph.len(node));
    let before_activations = graph.nodes.iter().enumerate().filter_map(|(index, node)| {
        let Op::Layer(layer) = &node.op else { return None };
        let Op::Layer(Layer { activation, .. }) = &graph.nodes[graph.activation_of(index)?].op else { return None };
        let (reads_output, len) = (layer_const(graph, layer, &tokens!(READS_OUTPUT)), graph.len(node));
        Some(tokens!(#p::kept_before(#reads_output, <#activation as #p::Activation>::FROM_OUTPUT, #len)))
    });
    let layers = graph.layers().map(|(_, layer)| layer_const(graph, layer, &tokens!(CACHE)));
    let lens = values.chain(before_activations).chain(layers);
    tokens!(#p::sum(&[#(#lens),*]))
}

/// The slots, and the most that a layer needs.
fn scratch(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let slots = graph.slots().into_iter().flat_map(|slot| {
        let is_input = matches!(slot.node.op, Op::Input(_));
        let lens = usize::from(!is_input) + usize::from(slot.shared);
        std::iter::repeat_n(graph.len(slot.node), lens)
    });
    let layers = graph.layers().map(|(_, layer)| layer_const(graph, layer, &tokens!(SCRATCH)));
    tokens!(#p::sum(&[#(#slots,)* #p::max(&[#(#layers),*])]))
}

/// The most that a layer needs for a batch of any size; one that is applied again keeps the gradients so far.
fn scratch_once(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let layers = graph.layers().map(|(_, layer)| {
        let once = layer_const(graph, layer, &tokens!(SCRATCH_ONCE));
        match (&layer.role, &layer.ty) {
            (Role::Shared { .. }, ty) => tokens!(#p::sum(&[#once, <#ty as #p::Parameters>::TRAINED])),
            _ => once,
        }
    });
    tokens!(#p::max(&[#(#layers),*]))
}
