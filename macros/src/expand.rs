//! The whole pipeline, one stage after the other.

use proc_macro2::TokenStream;
use quote::quote;

use crate::graph::{Edge, Graph, Loss};
use crate::infer::Inferred;
use crate::report::Errors;
use crate::shape::Shape;
use crate::syntax::Declaration;
use crate::{check, codegen, fallback, infer, resolve, syntax};

/// Turns a declaration into code, or into every mistake and the declared names as stubs.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let declaration = syntax::parse(tokens, &mut errors);
    let graph = declaration.map(|declaration| graph(declaration, &mut errors));
    if errors.is_empty() {
        errors.into_tokens();
        return graph.map(|graph| codegen::expand(&graph)).unwrap_or_default();
    }
    let stubs = graph.map(fallback::expand);
    let errors = errors.into_tokens();
    quote!(#errors #stubs)
}

/// Resolves, infers and checks. Every stage goes as far as it can and leaves out what is wrong, so that all mistakes
/// are found at once; the graph is whole only if none was.
fn graph(declaration: Declaration, errors: &mut Errors) -> Graph {
    check::has_inputs(&declaration, errors);
    check::generics_are_sizes(&declaration, errors);
    let test = check::gradient_test(&declaration, errors);
    let loss = check::loss_exists(&declaration, errors);
    let body = resolve::resolve(&declaration, errors);
    check::names_are_free(&declaration, &body.bindings, errors);
    if errors.is_empty() {
        check::everything_is_used(&body.bindings, errors);
    }
    let inferred = infer::infer(&declaration, &body, errors);
    if let (Some((attribute, spec, _)), Some(output)) = (&loss, inferred.output) {
        check::loss_fits(attribute, spec, &inferred.nodes, output, errors);
    }
    let loss = loss.map(|(_, _, loss)| loss);
    assemble(declaration, inferred, loss, test)
}

fn assemble(declaration: Declaration, inferred: Inferred, loss: Option<Loss>, test: bool) -> Graph {
    let Declaration { krate, mut attrs, vis, name, generics, .. } = declaration;
    attrs.retain(|attribute| !check::is_ours(attribute));
    Graph {
        krate,
        attrs,
        vis,
        name,
        generics,
        loss,
        test,
        nodes: inferred.nodes.into_iter().flatten().collect(),
        output: inferred.output.unwrap_or(Edge { node: 0, asserted: false }),
        output_shape: inferred.output_shape.unwrap_or(Shape::Dims(Vec::new())),
        assertions: inferred.assertions,
    }
}
