//! Comparisons that only rustc can make, as items beside the network.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use crate::message::Message;
use crate::shape::Shape;

/// Fails with `message`, underlining `at`, where `condition` does not hold; `condition` is a const expression.
pub(crate) fn constant(
    krate: &TokenStream,
    condition: &TokenStream,
    message: &Message,
    at: &TokenStream,
) -> TokenStream {
    let (start, end) = ends(at);
    let message = message.to_const(krate);
    let mut arguments = proc_macro2::Group::new(proc_macro2::Delimiter::Parenthesis, quote!("{}", MESSAGE.as_str()));
    arguments.set_span(end);
    let panic = quote_spanned!(start=> #krate::__private::core::panic!);
    quote! {
        const _: () = {
            const MESSAGE: #krate::__private::Message = #message;
            if !(#condition) {
                #panic #arguments
            }
        };
    }
}

/// Whether two shapes are the same, as a const expression.
pub(crate) fn same(krate: &TokenStream, left: &Shape, right: &Shape) -> TokenStream {
    let (left, right) = (left.dims(krate), right.dims(krate));
    quote!(#krate::__private::same_dims(#left, #right))
}

/// Lets rustc compare two shapes as types, for every value of the const parameters.
pub(crate) fn typed(
    krate: &TokenStream,
    generics: &syn::Generics,
    found: &Shape,
    expected: &Shape,
    at: &TokenStream,
) -> TokenStream {
    let (start, _) = ends(at);
    let (found, expected) = (found.ty(krate), expected.ty(krate));
    let parameters = &generics.params;
    let found = respan(found, start);
    quote! {
        const _: () = {
            #[allow(dead_code)]
            fn check<#parameters>() {
                #krate::__private::fits::<#found, #expected>();
            }
        };
    }
}

fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut spans = tokens.clone().into_iter().map(|token| token.span());
    let start = spans.next().unwrap_or_else(Span::call_site);
    (start, spans.last().unwrap_or(start))
}

fn respan(tokens: TokenStream, span: Span) -> TokenStream {
    let token = |mut token: proc_macro2::TokenTree| {
        if let proc_macro2::TokenTree::Group(group) = &token {
            let mut inner = proc_macro2::Group::new(group.delimiter(), respan(group.stream(), span));
            inner.set_span(span);
            return inner.into_token_stream();
        }
        token.set_span(token.span().located_at(span));
        token.into_token_stream()
    };
    tokens.into_iter().map(token).collect()
}
