//! The struct of the gradients of the inputs: one matrix an input.

use proc_macro2::{Ident, TokenStream};
use syn::Attribute;

use super::strukt::code;
use crate::graph::{Graph, Node, Op};
use crate::syntax::Element;

pub(super) fn strukt(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let name = graph.inputs_name();
    let generics = graph.generics();
    let fields: Vec<_> = with_gradients(graph).map(|input| field(graph, input)).collect();
    let has_indices = graph.inputs().count() > fields.len();
    let indices = if has_indices { "; indices have none" } else { "" };
    let fields = if fields.is_empty() { vec![tokens!(scalar: #p::core::marker::PhantomData<T>)] } else { fields };
    let attrs = graph.attrs.iter().filter(|attribute| concerns_all_items(attribute));
    let doc = format!(" The gradients of the inputs of [`{}`], one column a sample{indices}.", graph.name);
    tokens! {
        #[doc = #doc]
        #(#attrs)*
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

/// How the struct is made.
pub(super) fn implementation(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let name = graph.inputs_name();
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let value = value(graph);
    tokens! {
        #[automatically_derived]
        #[allow(unused_mut)]
        impl #parameters #p::core::convert::From<#p::InputGradients<T>> for #name #arguments #bounds {
            fn from(mut d_inputs: #p::InputGradients<T>) -> Self {
                Self { #value }
            }
        }
    }
}

/// Whether an attribute of the network says something of what stands beside it, too: which lints look at it, and that it is
/// not documented.
fn concerns_all_items(attribute: &Attribute) -> bool {
    let is_hidden = || attribute.parse_args::<Ident>().is_ok_and(|argument| argument == "hidden");
    attribute.path().is_ident("allow") || attribute.path().is_ident("doc") && is_hidden()
}

/// Those of scalars.
pub(super) fn with_gradients(graph: &Graph) -> impl Iterator<Item = &Node> {
    graph.inputs().filter(|input| matches!(input.op, Op::Input(Element::Scalar)))
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

/// The value of the struct, made of the gradients of all inputs in order.
fn value(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let inputs: Vec<_> = with_gradients(graph).map(|input| &input.name).collect();
    match &inputs[..] {
        [] => tokens!(scalar: #p::core::marker::PhantomData),
        inputs => tokens!(#(#inputs: #p::InputGradients::take(&mut d_inputs),)*),
    }
}
