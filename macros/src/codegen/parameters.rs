//! `impl Parameters` and `impl Trainable`: the tensors of all fields, one field after the other.

use proc_macro2::TokenStream;

use super::Field;
use super::strukt::initialisers;
use crate::graph::Graph;

pub(super) fn implementation(graph: &Graph) -> TokenStream {
    let name = &graph.name;
    let p = graph.private();
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let fields = graph.fields();
    let (names, types) = (fields.iter().map(|field| field.node.text()), fields.iter().map(|field| field.ty));
    let constructors = constructors(graph);
    let statistics = statistics(graph);
    let shared = tensor(graph, &tokens!(Parameters), &tokens!(tensor), &tokens!(&));
    let mutable = tensor(graph, &tokens!(Trainable), &tokens!(tensor_mut), &tokens!(&mut));
    tokens! {
        #[automatically_derived]
        #[allow(unused_variables)]
        impl #parameters #p::Parameters for #name #arguments #bounds {
            type Scalar = T;
            const LAYOUT: &'static #p::Layout = &#p::Layout::fields(&[#((#names, <#types as #p::Parameters>::LAYOUT)),*]);
            #shared
        }

        #[automatically_derived]
        #[allow(unused_variables)]
        impl #parameters #p::Trainable for #name #arguments #bounds {
            #constructors
            #mutable
            #statistics
        }
    }
}

fn constructors(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let zeros = initialisers(graph, |_| tokens!(#p::Trainable::zeros()));
    let state = initialisers(graph, |_| tokens!(#p::Trainable::state()));
    let fresh = initialisers(graph, |Field { init: own, .. }| {
        let or_own = own.map(|own| tokens!(.or(#own)));
        tokens!(#p::Trainable::init_with(init #or_own, rng))
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

/// What the fields make of statistics.
fn statistics(graph: &Graph) -> TokenStream {
    let p = graph.private();
    let fields = graph.fields();
    let names: Vec<_> = fields.iter().map(|field| field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| field.ty).collect();
    tokens! {
        fn clear_statistics(&mut self) {
            #(<#types as #p::Trainable>::clear_statistics(&mut self.#names);)*
        }

        fn move_statistics(&mut self, gradients: &Self) {
            #(<#types as #p::Trainable>::move_statistics(&mut self.#names, &gradients.#names);)*
        }
    }
}

/// `tensor` or `tensor_mut`, of the trait that has it.
fn tensor(graph: &Graph, owner: &TokenStream, method: &TokenStream, reference: &TokenStream) -> TokenStream {
    let p = graph.private();
    let found = |Field { name, .. }: &Field<'_>| tokens!(#p::#owner::#method(#reference self.#name, index));
    let search = search(graph, found);
    tokens! {
        fn #method(#reference self, index: #p::usize) -> #reference [T] {
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
