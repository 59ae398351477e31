//! What the user wrote that only rustc can evaluate, each as a `const` of its own beside the struct.
//!
//! Everything else refers to it by that name: rustc evaluates the expression once, checks it there, and has one mistake to
//! report. Where it stands, no name of generated code can come between the expression and what the user means by it.

use std::cell::RefCell;

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::assertion::{ends, located};
use crate::shape::{Constant, MOST};

/// The constants of one network.
pub(crate) struct Constants {
    krate: TokenStream,
    network: Ident,
    declared: RefCell<Vec<Declared>>,
}

/// A const that was declared for an expression.
struct Declared {
    /// Which expression, and what is expected of it.
    key: String,
    name: Ident,
    item: TokenStream,
}

/// A condition on a value under which it is refused.
pub(crate) struct Wrong {
    pub condition: TokenStream,
    pub message: String,
}

/// The value, in a condition.
pub(crate) fn value() -> Ident {
    format_ident!("__value")
}

impl Constants {
    pub(crate) fn new(krate: &TokenStream, network: &Ident) -> Self {
        Self { krate: krate.clone(), network: network.unraw(), declared: RefCell::default() }
    }

    /// A size, which is `least` or more.
    pub(crate) fn size(&self, Constant { expr, text }: Constant, least: usize) -> Constant {
        let (krate, value) = (&self.krate, value());
        let too_small = (least > 0).then(|| Wrong {
            condition: quote!(#value == 0),
            message: format!("a size is 1 or more, but `{text}` is 0"),
        });
        let too_great = Wrong {
            condition: quote!(#value > #krate::__private::MOST),
            message: format!("a size is {MOST} or less, but `{text}` is more"),
        };
        let wrong: Vec<_> = too_small.into_iter().chain([too_great]).collect();
        let name = self.declare(format!("{text} >= {least}"), &quote!(#krate::__private::usize), &expr, &wrong);
        Constant { expr: quote!(#name), text }
    }

    /// A number, unless it is `wrong`.
    pub(crate) fn number(&self, key: &str, expr: &TokenStream, wrong: Wrong) -> Ident {
        let krate = &self.krate;
        self.declare(key.to_owned(), &quote!(#krate::__private::f64), expr, &[wrong])
    }

    /// The weights of an array, as a slice, unless they are wrong, as `message` says.
    pub(crate) fn weights(&self, array: &TokenStream, message: String) -> Ident {
        let (krate, value) = (&self.krate, value());
        let condition = quote!(!#krate::__private::are_weights(#value));
        let ty = quote!(&'static [#krate::__private::f64]);
        let slice = quote_spanned!(ends(array).0=> &);
        self.declare(format!("weights {array}"), &ty, &quote!(#slice #array), &[Wrong { condition, message }])
    }

    /// A loss or activation of the user's own, of type `ty`.
    pub(crate) fn formula(&self, ty: &TokenStream, expr: &TokenStream) -> Ident {
        self.declare(format!("{ty} {expr}"), ty, expr, &[])
    }

    /// The name of a const of type `ty` that is `expr`, unless something is `wrong` with that.
    fn declare(&self, key: String, ty: &TokenStream, expr: &TokenStream, wrong: &[Wrong]) -> Ident {
        let mut declared = self.declared.borrow_mut();
        if let Some(known) = declared.iter().find(|known| known.key == key) {
            return known.name.clone();
        }
        let name = format_ident!("__{}_{}", self.network, declared.len());
        let (krate, value) = (&self.krate, value());
        let (start, end) = ends(expr);
        let ty = located(ty.clone(), start);
        let checks = wrong.iter().map(|Wrong { condition, message }| {
            // All tokens of the call lie where the user wrote the expression, so that rustc underlines that.
            let mut arguments = Group::new(Delimiter::Parenthesis, quote!("{}", #message));
            arguments.set_span(end);
            let fail = quote_spanned!(start=> __fail!);
            quote!(if #condition { #fail #arguments })
        });
        let item = quote! {
            #[allow(non_upper_case_globals, dead_code, deprecated, clippy::all, clippy::pedantic)]
            const #name: #ty = {
                #[allow(unused_imports)]
                use #krate::__private::core::panic as __fail;
                let #value: #ty = #expr;
                #(#checks)*
                #value
            };
        };
        declared.push(Declared { key, name: name.clone(), item });
        name
    }

    /// All that were declared, as items.
    pub(crate) fn into_items(self) -> TokenStream {
        self.declared.into_inner().into_iter().map(|declared| declared.item).collect()
    }
}
