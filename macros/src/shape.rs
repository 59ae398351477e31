//! Shapes as the macro knows them.

use std::fmt;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

/// The greatest size, and number of scalars of a sample: whatever is computed from two of them does not overflow.
pub(crate) const MOST: usize = u32::MAX as usize;

/// The shape of one sample.
#[derive(Clone)]
pub(crate) enum Shape {
    /// One to three dimensions.
    Dims(Vec<Dim>),
    /// The input or output of a network or layer of the user.
    Of(Port),
}

/// A shape that only rustc knows: an associated type of the user's layer.
#[derive(Clone)]
pub(crate) struct Port {
    /// A type that implements `Shape`.
    pub ty: TokenStream,
    /// As it is written in messages.
    pub text: String,
    /// Whether it mentions a const parameter of the network.
    pub generic: bool,
}

/// A size.
#[derive(Clone)]
pub(crate) enum Dim {
    Literal(usize),
    /// A const path, or arithmetic that holds one.
    Const(Constant),
    /// A const generic parameter of the network.
    Parameter(Ident),
}

/// A size that rustc computes.
#[derive(Clone)]
pub(crate) struct Constant {
    pub expr: TokenStream,
    /// As it is written in messages.
    pub text: String,
}

/// What the macro can say of two shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Different,
    /// rustc can say when it evaluates constants.
    AskConst,
    /// rustc can say when it checks types: a const parameter is involved.
    AskType,
}

impl Shape {
    pub(crate) fn compare(&self, other: &Shape) -> Comparison {
        match (self, other) {
            (Self::Dims(left), Self::Dims(right)) if left.len() != right.len() => Comparison::Different,
            (Self::Dims(left), Self::Dims(right)) => {
                let dims = || left.iter().zip(right).map(|(left, right)| left.compare(right));
                if dims().any(|dim| dim == Comparison::Different) {
                    Comparison::Different
                } else if dims().any(|dim| dim == Comparison::AskConst) {
                    Comparison::AskConst
                } else {
                    Comparison::Equal
                }
            }
            (Self::Of(left), Self::Of(right)) if left.text == right.text => Comparison::Equal,
            // A size that may be any is not one that is fixed.
            (dims @ Self::Dims(_), Self::Of(own)) | (Self::Of(own), dims @ Self::Dims(_))
                if dims.is_generic() && !own.generic =>
            {
                Comparison::Different
            }
            _ if self.is_generic() || other.is_generic() => Comparison::AskType,
            _ => Comparison::AskConst,
        }
    }

    /// The axes of `larger` at which a value of this shape may begin to be as large, repeated where it is 1 and along axes
    /// that it does not have; several for a vector, where two sizes are the same.
    pub(crate) fn axes_in(&self, larger: &Shape) -> Vec<usize> {
        let (Self::Dims(own), Self::Dims(all)) = (self, larger) else { return Vec::new() };
        if self.compare(larger) == Comparison::Equal {
            return Vec::new();
        }
        let stands = |axis: &usize| {
            let mut sizes = own.iter().zip(&all[*axis..]);
            sizes.all(|(own, larger)| own.literal() == Some(1) || own.compare(larger) == Comparison::Equal)
        };
        match own[..] {
            // A single scalar is repeated along all.
            [Dim::Literal(1)] => vec![0],
            [_] => (0..all.len()).filter(stands).collect(),
            _ if own.len() == all.len() => (0..1).filter(stands).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a const parameter of the network is involved.
    pub(crate) fn is_generic(&self) -> bool {
        match self {
            Self::Dims(dims) => dims.iter().any(|dim| matches!(dim, Dim::Parameter(_))),
            Self::Of(port) => port.generic,
        }
    }

    /// The type, such as `Rank1<784>`.
    pub(crate) fn ty(&self, krate: &TokenStream) -> TokenStream {
        match self {
            Self::Dims(dims) => {
                let rank = format_ident!("Rank{}", dims.len());
                let arguments = dims.iter().map(Dim::argument);
                quote!(#krate::__private::#rank<#(#arguments),*>)
            }
            Self::Of(port) => port.ty.clone(),
        }
    }

    /// The number of scalars, as a const generic argument.
    pub(crate) fn len(&self, krate: &TokenStream) -> TokenStream {
        match self {
            Self::Dims(dims) if dims.len() == 1 => dims[0].argument(),
            _ => match self.literal_len() {
                Some(len) => Dim::Literal(len).argument(),
                None => {
                    let ty = self.ty(krate);
                    quote!({ <#ty as #krate::__private::Shape>::LEN })
                }
            },
        }
    }

    /// An expression of type `&[usize]`, where it involves no const parameter.
    pub(crate) fn dims(&self, krate: &TokenStream) -> Option<TokenStream> {
        let ty = self.ty(krate);
        (!self.is_generic()).then(|| quote!(<#ty as #krate::__private::Shape>::DIMS))
    }

    /// The number of scalars, where the macro knows it; one too great to count is as great as can be.
    pub(crate) fn literal_len(&self) -> Option<usize> {
        match self {
            Self::Dims(dims) => dims.iter().try_fold(1, |len: usize, dim| Some(len.saturating_mul(dim.literal()?))),
            Self::Of(_) => None,
        }
    }
}

impl Dim {
    fn compare(&self, other: &Dim) -> Comparison {
        match (self, other) {
            (Self::Literal(left), Self::Literal(right)) if left == right => Comparison::Equal,
            (Self::Parameter(left), Self::Parameter(right)) if left == right => Comparison::Equal,
            (Self::Const(left), Self::Const(right)) if left.text == right.text => Comparison::Equal,
            (Self::Literal(_), Self::Literal(_)) | (Self::Parameter(_), _) | (_, Self::Parameter(_)) => {
                Comparison::Different
            }
            (Self::Const(_), _) | (_, Self::Const(_)) => Comparison::AskConst,
        }
    }

    pub(crate) fn literal(&self) -> Option<usize> {
        match self {
            Self::Literal(value) => Some(*value),
            _ => None,
        }
    }

    /// As a const generic argument.
    pub(crate) fn argument(&self) -> TokenStream {
        match self {
            Self::Const(Constant { expr, .. }) => quote!({ #expr }),
            _ => self.expression(),
        }
    }

    pub(crate) fn expression(&self) -> TokenStream {
        match self {
            Self::Literal(value) => proc_macro2::Literal::usize_unsuffixed(*value).into_token_stream(),
            Self::Const(constant) => constant.expr.clone(),
            Self::Parameter(name) => name.to_token_stream(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dims(dims) => {
                let dims: Vec<String> = dims.iter().map(Dim::to_string).collect();
                write!(f, "[{}]", dims.join(", "))
            }
            Self::Of(port) => f.write_str(&port.text),
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Const(constant) => f.write_str(&constant.text),
            _ => f.write_str(&source(self.expression())),
        }
    }
}

/// Tokens as a person writes them.
pub(crate) fn source(tokens: impl ToTokens) -> String {
    let mut text = tokens.to_token_stream().to_string();
    for (printed, written) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" . ", "."),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        ("< ", "<"),
        (" <", "<"),
    ] {
        text = text.replace(printed, written);
    }
    match text.strip_prefix("- ") {
        Some(number) => format!("-{number}"),
        None => text,
    }
}
