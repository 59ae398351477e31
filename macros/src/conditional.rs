//! Declarations under a condition, `#[cfg(…)]` and `#[cfg_attr(…)]`.
//!
//! Only rustc knows which conditions hold, and it looks at calls of macros as at items: the declaration becomes a call of
//! the same macro under that condition, so that all that is generated stands under it, or nothing.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token, parenthesized};

/// The same declaration under the first of its conditions; nothing where it has none.
pub(crate) fn expand(tokens: TokenStream) -> Option<TokenStream> {
    let parser = |input: ParseStream| {
        let krate;
        parenthesized!(krate in input);
        let krate: TokenStream = krate.parse()?;
        let attributes = input.call(Attribute::parse_outer)?;
        let rest: TokenStream = input.parse()?;
        Ok(under_condition(&krate, &attributes, &rest))
    };
    // What cannot be parsed is reported where the whole declaration is.
    parser.parse2(tokens).ok().flatten()
}

fn under_condition(krate: &TokenStream, attributes: &[Attribute], rest: &TokenStream) -> Option<TokenStream> {
    let is_condition = |attribute: &Attribute| ["cfg", "cfg_attr"].iter().any(|name| attribute.path().is_ident(name));
    let index = attributes.iter().position(is_condition)?;
    let (before, condition, after) = (&attributes[..index], &attributes[index], &attributes[index + 1..]);
    if condition.path().is_ident("cfg") {
        return Some(quote!(#condition #krate::__private::network! { (#krate) #(#before)* #(#after)* #rest }));
    }
    let arguments = condition.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut arguments = arguments.iter();
    let holds = arguments.next()?;
    Some(quote! {
        #[cfg(#holds)]
        #krate::__private::network! { (#krate) #(#before)* #(#[#arguments])* #(#after)* #rest }
        #[cfg(not(#holds))]
        #krate::__private::network! { (#krate) #(#before)* #(#after)* #rest }
    })
}
