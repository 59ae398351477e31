//! Comparisons that only rustc can make, as items beside the network.
//!
//! What the user wrote stands inside them, so their own names are such as no user writes.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

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
    // All tokens of the call lie where the user wrote `at`, so that rustc underlines that.
    let mut arguments = Group::new(Delimiter::Parenthesis, quote!("{}", __MESSAGE.as_str()));
    arguments.set_span(end);
    let fail = quote_spanned!(start=> __fail!);
    quote! {
        #[allow(deprecated)]
        const _: () = {
            use #krate::__private::core::panic as __fail;
            const __MESSAGE: #krate::__private::Message = #message;
            if !(#condition) {
                #fail #arguments
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
    let (found, expected) = (found.ty(krate), expected.ty(krate));
    let parameters = &generics.params;
    let arguments = generics.const_params().map(|parameter| &parameter.ident);
    let arguments = quote!(<#(#arguments),*>);
    // The aliases let all tokens of the call lie where the user wrote `at`, so that rustc underlines that.
    let (start, _) = ends(at);
    let fits = spanned(quote!(__fits::<__Found #arguments, __Expected #arguments>();), start);
    quote! {
        #[allow(deprecated)]
        const _: () = {
            use #krate::__private::fits as __fits;
            type __Found<#parameters> = #found;
            type __Expected<#parameters> = #expected;
            #[allow(dead_code)]
            fn __check<#parameters>() {
                #fits
            }
        };
    }
}

pub(crate) fn ends(tokens: &TokenStream) -> (Span, Span) {
    let mut spans = tokens.clone().into_iter().map(|token| token.span());
    let start = spans.next().unwrap_or_else(Span::call_site);
    (start, spans.last().unwrap_or(start))
}

/// The same tokens, underlined where `at` is, and meaning what they mean there.
pub(crate) fn spanned(tokens: TokenStream, at: Span) -> TokenStream {
    each(tokens, |_| at)
}

/// The same tokens, underlined where `at` is.
pub(crate) fn located(tokens: TokenStream, at: Span) -> TokenStream {
    each(tokens, |span| span.located_at(at))
}

fn each(tokens: TokenStream, span: impl Fn(Span) -> Span + Copy) -> TokenStream {
    let token = |mut token: TokenTree| {
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), each(group.stream(), span)).into();
        }
        token.set_span(span(token.span()));
        token
    };
    tokens.into_iter().map(token).collect()
}
