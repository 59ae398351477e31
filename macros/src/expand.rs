//! The whole pipeline, one stage after the other.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Generics;

use crate::constants::Constants;
use crate::graph::{Edge, Graph, Loss};
use crate::infer::Inferred;
use crate::report::Errors;
use crate::shape::Shape;
use crate::syntax::Declaration;
use crate::{check, codegen, conditional, fallback, infer, resolve, syntax};

/// Turns a declaration into code, or into every mistake and the declared names as stubs.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    if let Some(conditional) = conditional::expand(tokens.clone()) {
        return conditional;
    }
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
    if !(check::has_inputs(&declaration, errors)
        & check::generics_are_sizes(&declaration, errors)
        & check::generics_have_names(&declaration, errors))
    {
        return only_its_name(declaration);
    }
    let test = check::gradient_test(&declaration, errors);
    let constants = Constants::new(&declaration.krate, &declaration.name);
    let loss = check::loss_exists(&declaration, &constants, errors);
    let body = resolve::resolve(&declaration, &constants, errors);
    let random = check::random(&declaration, &body.values, errors);
    let variables = check::names_are_variables(&declaration, &body.bindings, errors);
    if errors.is_empty() {
        check::everything_is_used(&body.bindings, errors);
    }
    let mut inferred = infer::infer(&declaration, &body, random, &constants, errors);
    if let (Some((attribute, spec, loss)), Some(output)) = (&loss, inferred.output) {
        check::loss_fits(attribute, spec, &inferred.nodes, output, errors);
        if let Some(output) = &inferred.output_shape {
            let assertion = check::a_weight_for_each_class(loss, output, &declaration.krate, errors);
            inferred.assertions.extend(assertion);
        }
    }
    if !variables {
        return only_its_name(declaration);
    }
    let loss = loss.map(|(_, _, loss)| loss);
    Graph { constants: constants.into_items(), ..assemble(declaration, inferred, loss, [test, random]) }
}

/// A network of which nothing but the name can be used.
fn only_its_name(declaration: Declaration) -> Graph {
    let generics = Generics::default();
    let inferred = Inferred { nodes: Vec::new(), output: None, output_shape: None, assertions: TokenStream::new() };
    assemble(Declaration { generics, ..declaration }, inferred, None, [false; 2])
}

fn assemble(declaration: Declaration, inferred: Inferred, loss: Option<Loss>, [test, random]: [bool; 2]) -> Graph {
    let Declaration { krate, mut attrs, vis, name, generics, .. } = declaration;
    attrs.retain(|attribute| !check::is_ours(attribute));
    Graph {
        krate,
        attrs,
        vis,
        name,
        generics,
        loss,
        random,
        test,
        nodes: inferred.nodes.into_iter().flatten().collect(),
        output: inferred.output.unwrap_or(Edge { node: 0, asserted: false }),
        output_shape: inferred.output_shape.unwrap_or(Shape::Dims(Vec::new())),
        constants: TokenStream::new(),
        assertions: inferred.assertions,
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
    use quote::quote;

    use super::expand;

    const GRAPH: &str = "
        (::constgrad)
        /// A bit of everything.
        #[loss(huber(delta = 2.0))]
        pub(crate) struct Graph<const D: usize>(x: [D], image: [1, 4, SIDE], y: [3]) -> [2 * HALF] {
            let a: [5] = x.affine(5).leaky_relu(slope = 0.1);
            let b = concat(a, y.affine::<3, 4>()).relu();
            let c = image.relu().flatten().affine(2 + 3) - a * a;
            let d: [D] = (x + x.net::<Block<D>>());
            concat(b, c.net::<Block<5>>(), d.affine(4)).affine(2 * HALF)
        }";

    fn tokens(text: &str) -> TokenStream {
        text.parse().expect("the text is made of tokens")
    }

    fn count_errors(expansion: &TokenStream) -> usize {
        expansion.to_string().matches("compile_error").count()
    }

    #[test]
    fn the_expansion_is_deterministic_and_free_of_errors() {
        let expansion = expand(tokens(GRAPH));
        assert_eq!(count_errors(&expansion), 0, "{expansion}");
        assert_eq!(expansion.to_string(), expand(tokens(GRAPH)).to_string());
    }

    /// What is left when the `skip`th token, counted through all groups, is not yet or no longer there.
    fn without(tokens: TokenStream, skip: &mut usize) -> TokenStream {
        let mut left = TokenStream::new();
        for token in tokens {
            if *skip == 0 {
                *skip = usize::MAX;
                continue;
            }
            *skip -= 1;
            left.extend([match token {
                TokenTree::Group(group) => {
                    let mut inner = Group::new(group.delimiter(), without(group.stream(), skip));
                    inner.set_span(group.span());
                    TokenTree::Group(inner)
                }
                token => token,
            }]);
        }
        left
    }

    #[test]
    fn no_missing_token_makes_it_panic() {
        let mut failures = 0;
        let mut index = 4; // The first four are the path to the library.
        loop {
            let mut skip = index;
            let damaged = without(tokens(GRAPH), &mut skip);
            if skip < usize::MAX / 2 {
                break;
            }
            failures += usize::from(count_errors(&expand(damaged)) > 0);
            index += 1;
        }
        assert!(failures > 100, "{failures} of {index}");
    }

    #[test]
    fn fragments_of_another_macro_are_seen_through() {
        let fragment = |text| Group::new(Delimiter::None, tokens(text));
        let (ty, size, number) = (fragment("Block<3>"), fragment("3"), fragment("2.0"));
        let expansion = expand(quote! {
            (::constgrad)
            #[loss(huber(delta = #number))]
            struct Net(x: [#size]) -> [#size] { x.net::<#ty>().affine::<#size, #size>() }
        });
        assert_eq!(count_errors(&expansion), 0, "{expansion}");
    }

    /// `let`s, each with an affine layer and its shape, of which one is wrong.
    #[test]
    fn one_wrong_size_gives_one_error_with_both_numbers() {
        for wrong in 0..12 {
            let layer = |layer: usize| {
                let size = 100 + layer;
                let said = if layer == wrong { 999 } else { size };
                let input = layer.checked_sub(1).map_or("x".to_owned(), |before| format!("h{before}"));
                format!("let h{layer}: [{said}] = {input}.affine({size}).relu();")
            };
            let body: Vec<String> = (0..12).map(layer).collect();
            let body = body.join("\n");
            let expansion =
                expand(tokens(&format!("(::constgrad) struct Deep(x: [7]) -> [3] {{ {body} h11.affine(3) }}")));
            assert_eq!(count_errors(&expansion), 1, "{expansion}");
            let text = expansion.to_string();
            assert!(text.contains("[999]") && text.contains(&format!("has shape [{}]", 100 + wrong)), "{text}");
        }
    }

    #[test]
    fn after_an_error_the_names_are_still_there() {
        let expansion = expand(tokens("(::constgrad) pub struct Net(x: [7]) -> [3] { x.afine(3) }"));
        let braces =
            |token: TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        assert!(expansion.clone().into_iter().any(braces));
        let text = expansion.to_string();
        for name in ["pub struct Net", "NetInputs", "fn predict", "fn init"] {
            assert!(text.contains(name), "{name} is missing: {text}");
        }
    }
}
