use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Call, Holder, Typed};
use crate::shape::{Port, Shape};

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
}

/// What the type says.
pub(crate) fn net(call: &mut Call<'_>) -> Typed {
    let own = call.own.as_ref().expect("`net` has a type");
    Typed {
        ty: own.over_scalar.clone(),
        output: own.port(call.krate, "Output"),
        holder: Holder::Field { count: format!("{}::COUNT", own.text) },
        remark: None,
    }
}

impl OwnType {
    /// The shape of its `Input` or `Output`.
    pub(crate) fn port(&self, krate: &TokenStream, port: &str) -> Shape {
        let Self { text, over_f32, generic, .. } = self;
        let port = format_ident!("{port}");
        Shape::Of(Port {
            ty: quote!(<#over_f32 as #krate::__private::Layer<#krate::__private::f32>>::#port),
            text: format!("{text}::{port}"),
            generic: *generic,
        })
    }
}
