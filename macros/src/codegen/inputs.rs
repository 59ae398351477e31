//! The struct of the gradients of the inputs: one matrix an input.

use proc_macro2::TokenStream;

use super::strukt::code;
use crate::graph::{Graph, Node};

pub(super) fn strukt(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let name = graph.inputs_name();
    let generics = graph.generics();
    let fields = graph.inputs().map(|input| field(graph, input));
    let doc = format!(" The gradients of the inputs of [`{}`], one column a sample.", graph.name);
    tokens! {
        #[doc = #doc]
        #[derive(
            #p::core::clone::Clone,
            #p::core::fmt::Debug,
            #p::core::cmp::PartialEq,
        )]
        #[allow(dead_code)]
        #vis struct #name #generics {
            #(#fields,)*
        }
    }
}

fn field(graph: &Graph, input: &Node) -> TokenStream {
    let p = graph.private();
    let (vis, name) = (&graph.vis, &input.name);
    let len = input.shape.len(&graph.krate);
    let doc = format!(" Of `{}`, {} a sample.", input.text(), code(&input.shape));
    tokens! {
        #[doc = #doc]
        #vis #name: #p::nalgebra::OMatrix<T, #p::nalgebra::Const<#len>, #p::nalgebra::Dyn>
    }
}

/// The struct made of the local `d_inputs`, the gradients of all inputs in order.
pub(super) fn value(graph: &Graph) -> TokenStream {
    let name = graph.inputs_name();
    let inputs = graph.inputs().map(|input| &input.name);
    tokens!(#name { #(#inputs: d_inputs.take(),)* })
}
