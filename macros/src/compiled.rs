//! `#[compiled]`: the methods through which a formula is compiled where it is defined, for both scalar types.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{FnArg, GenericArgument, ImplItem, ItemImpl, Pat, PathArguments, Signature, parse_quote};

/// A trait of formulas.
struct Trait {
    name: &'static str,
    /// How many numbers it is generic in.
    parameters: usize,
    /// The generic methods that are compiled for a scalar type, from these numbers and that type.
    methods: fn(&[GenericArgument], &TokenStream) -> Vec<Signature>,
}

const TRAITS: [Trait; 4] = [
    Trait {
        name: "Formula",
        parameters: 2,
        methods: |numbers, t| {
            let [read, written] = numbers else { return Vec::new() };
            vec![parse_quote!(fn map(self, read: [&[#t]; #read], written: [&mut [#t]; #written]))]
        },
    },
    Trait {
        name: "Term",
        parameters: 1,
        methods: |numbers, t| {
            let [read] = numbers else { return Vec::new() };
            vec![parse_quote!(fn sum(self, read: [&[#t]; #read]) -> ::core::primitive::f64)]
        },
    },
    Trait {
        name: "Activation",
        parameters: 0,
        methods: |_, t| {
            vec![
                parse_quote!(fn values(self, scalars: &mut [#t])),
                parse_quote!(fn gradients(self, forward: [&[#t]; 2], gradients: &mut [#t])),
            ]
        },
    },
    Trait {
        name: "ScoreLoss",
        parameters: 0,
        methods: |_, t| {
            vec![
                parse_quote!(fn sum(self, scores_and_target: [&[#t]; 2]) -> ::core::primitive::f64),
                parse_quote! {
                    fn gradients(self, scale: ::core::primitive::f64, scores_and_target: [&[#t]; 2], d_scores: &mut [#t])
                },
            ]
        },
    },
];

/// The implementation with these methods, and with every other inlined into them.
pub(crate) fn expand(attribute: &TokenStream, item: &TokenStream) -> TokenStream {
    match written(attribute, item) {
        Ok(implementation) => implementation,
        // What it stands on is left out: without its methods it would be one more mistake.
        Err(error) => error.into_compile_error(),
    }
}

fn written(attribute: &TokenStream, item: &TokenStream) -> syn::Result<TokenStream> {
    if !attribute.is_empty() {
        return Err(syn::Error::new_spanned(attribute, "`#[compiled]` takes nothing in parentheses"));
    }
    let wrong = "`#[compiled]` stands on an implementation of `Formula`, `Term`, `Activation` or `ScoreLoss`";
    let mut implementation: ItemImpl = syn::parse2(item.clone()).map_err(|_| syn::Error::new_spanned(item, wrong))?;
    let path = match &implementation.trait_ {
        Some((path, _)) => path.clone(),
        None => return Err(syn::Error::new_spanned(&implementation.self_ty, wrong)),
    };
    let last = path.segments.last().expect("a path has a segment");
    let Some(of) = TRAITS.iter().find(|of| last.ident == of.name) else {
        return Err(syn::Error::new_spanned(&path, wrong));
    };
    let numbers: Vec<GenericArgument> = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().cloned().collect(),
        _ => Vec::new(),
    };
    if numbers.len() != of.parameters {
        // rustc says what the trait takes.
        return Ok(quote!(#implementation));
    }
    for item in &mut implementation.items {
        if let ImplItem::Fn(function) = item {
            function.attrs.push(parse_quote!(#[inline(always)]));
        }
    }
    for scalar in ["f32", "f64"] {
        let scalar = format_ident!("{scalar}");
        for signature in (of.methods)(&numbers, &quote!(::core::primitive::#scalar)) {
            let method = &signature.ident;
            let arguments = signature.inputs.iter().filter_map(argument);
            let call = quote!({ <Self as #path>::#method(self, #(#arguments),*) });
            let signature = Signature { ident: format_ident!("{method}_{scalar}"), ..signature.clone() };
            implementation.items.push(ImplItem::Verbatim(quote!(#signature #call)));
        }
    }
    Ok(quote!(#implementation))
}

/// The name of an argument but `self`.
fn argument(argument: &FnArg) -> Option<&Ident> {
    match argument {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => Some(&name.ident),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    }
}
