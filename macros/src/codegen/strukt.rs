//! The network's struct: one field a layer with parameters.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;

use super::Field;
use crate::catalogue::OWN;
use crate::graph::{Graph, Layer, Node, Role};
use crate::syntax::Element;

pub(super) fn strukt(graph: &Graph) -> TokenStream {
    let Graph { attrs, vis, name, .. } = graph;
    let p = graph.private();
    let docs = docs(graph);
    let generics = graph.generics();
    let fields = fields(graph);
    tokens! {
        #(#attrs)*
        #(#[doc = #docs])*
        #[derive(
            #p::core::clone::Clone,
            #p::core::fmt::Debug,
            #p::core::cmp::PartialEq,
        )]
        #vis struct #name #generics {
            #fields
        }
    }
}

fn fields(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let field = |field: &Field<'_>| {
        let Field { name, ty, .. } = field;
        let frozen = if field.frozen { ", frozen" } else { "" };
        let doc = format!(" `{}`{frozen}, output {}.", field.kind, code(&field.node.shape));
        tokens! {
            #[doc = #doc]
            #vis #name: #ty,
        }
    };
    let fields: TokenStream = graph.fields().iter().map(field).collect();
    let scalar = marker(graph, &tokens!(<T>));
    tokens!(#fields #scalar)
}

/// What names the scalar type where no field does.
///
/// A struct that ends with a network has it, too: rustc asks of what a struct ends with whether it can be unsized, and would
/// not come to an end where two networks end with each other.
fn marker(graph: &Graph, scalar: &TokenStream) -> TokenStream {
    let p = graph.private();
    let fields = graph.fields();
    let ends_with_scalar = fields.last().is_some_and(|field| field.kind != OWN);
    if ends_with_scalar { TokenStream::new() } else { tokens!(__scalar: #p::core::marker::PhantomData #scalar,) }
}

/// What a constructor writes between the braces, from what it writes for a field.
pub(super) fn initialisers(graph: &Graph, value: impl Fn(&Field<'_>) -> TokenStream) -> TokenStream {
    let initialiser = |field: &Field<'_>| {
        let (name, value) = (field.name, value(field));
        tokens!(#name: #value,)
    };
    let fields: TokenStream = graph.fields().iter().map(initialiser).collect();
    let scalar = marker(graph, &TokenStream::new());
    tokens!(#fields #scalar)
}

/// The lines that follow the user's documentation.
fn docs(graph: &Graph) -> Vec<String> {
    let inputs: Vec<String> = graph
        .inputs()
        .enumerate()
        .map(|(index, input)| format!("`{}` {}", input.text(), input_code(graph, index)))
        .collect();
    let mut lines = vec![
        String::new(),
        " # Shapes".to_owned(),
        format!(" - {}, output {}", inputs.join(", "), code(&graph.output_shape)),
    ];
    if graph.layers().next().is_some() {
        lines.extend(
            ["", " # Layers", " | layer | kind | output | parameters |", " |---|---|---|---|"].map(str::to_owned),
        );
        lines.extend(graph.layers().map(row));
    }
    let remarks = graph.nodes.iter().filter_map(|node| node.remark.as_ref());
    lines.extend(remarks.flat_map(|remark| [String::new(), format!(" {remark}.")]));
    lines
}

fn row((node, layer): (&Node, &Layer)) -> String {
    let count = match &layer.role {
        Role::Field { count, frozen: false, .. } => code(count),
        Role::Field { count, .. } => format!("{}, frozen", code(count)),
        Role::Shared { field, .. } => format!("those of {}", code(&field.unraw())),
        Role::Function { .. } => String::new(),
    };
    format!(" | `{}` | `{}` | {} | {count} |", node.text(), layer.kind, code(&node.shape))
}

/// The shape of an input, as it is declared.
pub(super) fn input_code(graph: &Graph, index: usize) -> String {
    let shape = graph.nodes[index].shape.to_string();
    code(&match graph.element(index) {
        Element::Scalar => shape,
        Element::Index => shape.replace('[', "[usize; "),
    })
}

/// As code in a table.
pub(super) fn code(text: &impl ToString) -> String {
    format!("`{}`", text.to_string().trim_matches('`').replace('|', "\\|"))
}
