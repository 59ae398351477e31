//! The test that compares the gradients of the network with differences.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident};
use syn::ConstParam;
use syn::ext::IdentExt;

use crate::graph::Graph;

pub(super) fn gradients(graph: &Graph) -> TokenStream {
    if !graph.test {
        return TokenStream::new();
    }
    let name = &graph.name;
    let p = graph.private();
    let test = format_ident!("{}_gradients", snake_case(&name.unraw().to_string()));
    let sizes = graph.generics.const_params().zip(3..).map(size);
    // Inside a function the test cannot be run, which rustc warns of in spite of an `allow` on the test itself.
    // The module carries the `allow`; there it does not see the network, and checks nothing.
    tokens! {
        #[cfg(test)]
        #[allow(dead_code, deprecated)]
        fn #test() {
            #p::check_gradients::<#name<#(#sizes,)* #p::f64>>();
        }

        #[cfg(test)]
        #[allow(dead_code, unnameable_test_items, unused_imports, clippy::all, clippy::pedantic)]
        mod #test {
            fn #test() {}

            #[#p::core::prelude::v1::test]
            fn match_differences() {
                use super::*;
                #test();
            }
        }
    }
}

/// The default of a const parameter, or a small size: distinct ones tell mistakes apart.
fn size((parameter, small): (&ConstParam, usize)) -> TokenStream {
    match &parameter.default {
        Some((_, default)) => tokens!({ #default }),
        None => Literal::usize_unsuffixed(small).into_token_stream(),
    }
}

/// `TwoLayerNet` as `two_layer_net`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut previous_is_upper = true;
    for character in name.chars() {
        if character.is_uppercase() && !previous_is_upper {
            snake.push('_');
        }
        previous_is_upper = character.is_uppercase();
        snake.extend(character.to_lowercase());
    }
    snake
}
