use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Call, Holder, Typed};
use crate::shape::{Port, Shape};
use crate::syntax::Element;

/// The type in `net::<…>`.
pub(crate) struct OwnType {
    /// As written.
    pub text: String,
    /// Over the network's scalar type.
    pub over_scalar: TokenStream,
    /// Over `f32`, where a constant is asked for: shapes do not depend on the scalar type.
    pub over_f32: TokenStream,
    /// Whether it mentions a const parameter of the network.
    pub generic: bool,
    /// What it is given.
    pub takes: Element,
}

/// What the type says.
pub(crate) fn net(call: &mut Call<'_>) -> Typed {
    let own = call.own.as_ref().expect("`net` has a type");
    Typed {
        ty: own.over_scalar.clone(),
        output: own.port(call.krate, "Output"),
        holder: Holder::Field { count: format!("{}::COUNT", own.text) },
        remark: None,
        activation: None,
    }
}

impl OwnType {
    /// What its constants and types are asked of.
    pub(crate) fn as_layer(&self, krate: &TokenStream) -> TokenStream {
        let ty = &self.over_f32;
        match self.takes {
            Element::Scalar => quote!(<#ty as #krate::__private::Layer<#krate::__private::f32>>),
            Element::Index => {
                quote!(<#ty as #krate::__private::Layer<#krate::__private::f32, #krate::__private::usize>>)
            }
        }
    }

    /// The shape of its `Input` or `Output`.
    pub(crate) fn port(&self, krate: &TokenStream, port: &str) -> Shape {
        let Self { text, generic, .. } = self;
        let port = format_ident!("{port}");
        let layer = self.as_layer(krate);
        Shape::Of(Port { ty: quote!(#layer::#port), text: format!("{text}::{port}"), generic: *generic })
    }
}
