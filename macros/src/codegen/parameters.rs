//! `impl Parameters`: the tensors of all fields, one field after the other.

use proc_macro2::TokenStream;

use super::Field;
use super::strukt::initialisers;
use crate::graph::Graph;

pub(super) fn implementation(graph: &Graph) -> TokenStream {
    let name = &graph.name;
    let p = graph.private();
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let tensors = sum(graph, &tokens!(TENSORS));
    let (count, trained) = (sum(graph, &tokens!(COUNT)), sum(graph, &tokens!(TRAINED)));
    let constructors = constructors(graph);
    let shared = tensor(graph, &tokens!(tensor), &tokens!(&));
    let mutable = tensor(graph, &tokens!(tensor_mut), &tokens!(&mut));
    let of_tensors =
        [tensor_name(graph), tensor_dims(graph), flag(graph, &tokens!(is_statistic)), flag(graph, &tokens!(is_frozen))];
    tokens! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #parameters #p::Parameters for #name #arguments #bounds {
            type Scalar = T;
            const TENSORS: #p::usize = #tensors;
            const COUNT: #p::usize = #count;
            const TRAINED: #p::usize = #trained;
            #constructors
            #shared
            #mutable
            #(#of_tensors)*
        }
    }
}

/// A const, summed over the fields.
fn sum(graph: &Graph, name: &TokenStream) -> TokenStream {
    let p = graph.private();
    let fields = graph.fields();
    let types = fields.iter().map(|field| field.ty);
    tokens!(#p::sum(&[#(<#types as #p::Parameters>::#name),*]))
}

fn constructors(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let zeros = initialisers(graph, |_| tokens!(#p::Parameters::zeros()));
    let state = initialisers(graph, |_| tokens!(#p::Parameters::state()));
    let fresh = initialisers(graph, |Field { init: own, .. }| {
        let or_own = own.map(|own| tokens!(.or(#own)));
        tokens!(#p::Parameters::init_with(init #or_own, rng))
    });
    tokens! {
        fn zeros() -> Self {
            Self { #zeros }
        }

        fn state() -> Self {
            Self { #state }
        }

        fn init_with<Random: #p::rand::Rng + ?#p::core::marker::Sized>(init: #p::Init, rng: &mut Random) -> Self {
            Self { #fresh }
        }
    }
}

/// `tensor` or `tensor_mut`.
fn tensor(graph: &Graph, method: &TokenStream, reference: &TokenStream) -> TokenStream {
    let p = graph.private();
    let found = |Field { name, .. }: &Field<'_>| tokens!(#p::Parameters::#method(#reference self.#name, index));
    let search = search(graph, found);
    tokens! {
        fn #method(#reference self, index: #p::usize) -> #reference [T] {
            #search
        }
    }
}

fn tensor_name(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let found = |Field { node, ty, .. }: &Field<'_>| {
        let field = node.text();
        tokens!(#p::join_name(#field, &<#ty as #p::Parameters>::tensor_name(index)))
    };
    let search = search(graph, found);
    tokens! {
        fn tensor_name(index: #p::usize) -> #p::String {
            #search
        }
    }
}

/// `is_statistic` or `is_frozen`.
fn flag(graph: &Graph, method: &TokenStream) -> TokenStream {
    let p = graph.private();
    let search = search(graph, |Field { ty, .. }| tokens!(<#ty as #p::Parameters>::#method(index)));
    tokens! {
        fn #method(index: #p::usize) -> #p::bool {
            #search
        }
    }
}

fn tensor_dims(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let search = search(graph, |Field { ty, .. }| tokens!(<#ty as #p::Parameters>::tensor_dims(index)));
    tokens! {
        fn tensor_dims(index: #p::usize) -> &'static [#p::usize] {
            #search
        }
    }
}

/// Goes from field to field to the one that holds tensor `index`, and returns what `found` makes of it.
fn search(graph: &Graph, found: impl Fn(&Field<'_>) -> TokenStream) -> TokenStream {
    let p = graph.private();
    let fields = graph.fields();
    let steps = fields.iter().map(|field| {
        let ty = field.ty;
        let found = found(field);
        tokens! {
            let index = match #p::locate::<#ty>(index) {
                #p::core::result::Result::Ok(index) => return #found,
                #p::core::result::Result::Err(rest) => rest,
            };
        }
    });
    tokens! {
        #(#steps)*
        #p::no_tensor(index)
    }
}
