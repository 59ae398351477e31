//! Shapes as the macro knows them.

use proc_macro2::{Ident, TokenStream};

/// The shape of one sample.
#[derive(Clone)]
pub(crate) enum Shape {
    /// One to three dimensions.
    Dims(Vec<Dim>),
    /// The output of a network or layer of the user: a type that implements `Shape`.
    Of(TokenStream),
}

/// A size.
#[derive(Clone)]
pub(crate) enum Dim {
    Literal(usize),
    /// A const path, or arithmetic that holds one.
    Const(syn::Expr),
    /// A const generic parameter of the network.
    Parameter(Ident),
}
