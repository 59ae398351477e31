//! Keeps the names that generated code binds free.
//!
//! To rustc a pattern `tape` is no new variable where a `const tape` of the user is in scope, and a `static` or a unit struct
//! of that name is an error. No hygiene of a macro changes that, but a function of that name, which is nearer, does: variables
//! may shadow functions. So the code stands in a block into which one function is imported under each of its names.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};

use crate::graph::Graph;

/// `items` in such a block. They hold no expression of the user, which could mean something else there.
pub(super) fn shielded(graph: &Graph, items: &TokenStream) -> TokenStream {
    let p = graph.private();
    let mut names = BTreeSet::new();
    variables(items.clone(), &mut names);
    tokens! {
        #[allow(deprecated, non_local_definitions)]
        const _: () = {
            #[allow(unused_imports)]
            use #p::{#(free as #names),*};
            #items
        };
    }
}

/// All identifiers that may be variables: in small letters, and neither part of a path nor the name of a method or macro.
fn variables(tokens: TokenStream, names: &mut BTreeSet<Ident>) {
    let mut before = String::new();
    for token in tokens {
        match &token {
            // What stands in an attribute.
            TokenTree::Group(_) if before == "#" => {}
            TokenTree::Group(group) => variables(group.stream(), names),
            TokenTree::Ident(ident) => {
                let is_name = matches!(&before[..], "." | ":" | "fn" | "'");
                let is_keyword = syn::parse2::<Ident>(token.clone().into()).is_err();
                if !is_name && !is_keyword && is_in_small_letters(&ident.to_string()) {
                    names.insert(ident.clone());
                }
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        before = token.to_string();
    }
}

/// Neither `Columns` nor a const of `constants.rs`, nor `$crate`.
fn is_in_small_letters(name: &str) -> bool {
    !name.starts_with(char::is_uppercase) && !name.starts_with("__") && !name.starts_with('$')
}
