//! Arithmetic on sizes: computed here where they are numbers, by rustc where a constant is involved.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use crate::shape::{Constant, Dim, Shape, source};

/// Whether something holds of sizes.
pub(crate) enum Truth {
    Known(bool),
    /// A const expression.
    Asked(TokenStream),
}

impl Truth {
    /// The same where `other` holds, too: one of two mistakes is enough.
    pub(crate) fn unless_not(self, other: &Truth) -> Self {
        match (self, other) {
            (_, Self::Known(false)) => Self::Known(true),
            (Self::Asked(own), Self::Asked(other)) => Self::Asked(quote!(!(#other) || (#own))),
            (own, _) => own,
        }
    }
}

impl Dim {
    /// A size as the user wrote it, which only rustc can evaluate.
    pub(crate) fn written(expr: &syn::Expr) -> Self {
        Self::Const(Constant { expr: expr.to_token_stream(), text: source(expr) })
    }

    /// The number of scalars of a shape that only rustc knows.
    pub(crate) fn of_len(shape: &Shape, krate: &TokenStream) -> Self {
        let ty = shape.ty(krate);
        let expr = quote!(<#ty as #krate::__private::Shape>::LEN);
        Self::Const(Constant { expr, text: format!("{shape}::LEN") })
    }

    /// Dimension `index` of a shape that only rustc knows; 1 where it has none, which an assertion reports.
    pub(crate) fn of_shape(shape: &Shape, index: usize, krate: &TokenStream) -> Self {
        let ty = shape.ty(krate);
        let expr = quote!(#krate::__private::dim(<#ty as #krate::__private::Shape>::DIMS, #index));
        Self::Const(Constant { expr, text: format!("{shape}[{index}]") })
    }

    /// The sum; nothing where a const parameter is involved.
    pub(crate) fn sum<'a>(dims: impl Iterator<Item = &'a Dim> + Clone) -> Option<Self> {
        if dims.clone().any(|dim| matches!(dim, Self::Parameter(_))) {
            return None;
        }
        if let Some(sum) = dims.clone().map(Self::literal).sum() {
            return Some(Self::Literal(sum));
        }
        let text = dims.clone().map(Self::to_string).collect::<Vec<_>>().join(" + ");
        let dims = dims.map(Self::expression);
        Some(Self::Const(Constant { expr: quote!(#(#dims)+*), text }))
    }

    /// The product; none of them is a const parameter.
    pub(crate) fn product<'a>(dims: impl IntoIterator<Item = &'a Dim>) -> Self {
        let dims: Vec<&Dim> = dims.into_iter().filter(|dim| dim.literal() != Some(1)).collect();
        let literal = dims.iter().try_fold(1, |product: usize, dim| Some(product.saturating_mul(dim.literal()?)));
        if let Some(product) = literal {
            return Self::Literal(product);
        }
        let text = dims.iter().map(|dim| dim.factor()).collect::<Vec<_>>().join(" * ");
        let times = |product: TokenStream, dim: TokenStream| quote!(#product * (#dim));
        let expr = dims.iter().map(|dim| dim.expression()).fold(quote!(1), times);
        Self::Const(Constant { expr, text })
    }

    /// The quotient, rounded down; neither of them is a const parameter.
    pub(crate) fn quotient(&self, divisor: &Dim) -> Self {
        match (self.literal(), divisor.literal()) {
            (_, Some(1)) => self.clone(),
            (Some(dividend), Some(divisor)) => Self::Literal(dividend / divisor),
            _ => {
                let (left, right) = (self.expression(), divisor.expression());
                let text = format!("{} / {}", self.factor(), divisor.factor());
                Self::Const(Constant { expr: quote!((#left) / (#right)), text })
            }
        }
    }

    /// Whether `self` is a multiple of `divisor`; neither of them is a const parameter.
    pub(crate) fn is_multiple_of(&self, divisor: &Dim) -> Truth {
        match (self.literal(), divisor.literal()) {
            (_, Some(1)) => Truth::Known(true),
            (Some(multiple), Some(divisor)) => Truth::Known(multiple.is_multiple_of(divisor)),
            _ => {
                let (left, right) = (self.expression(), divisor.expression());
                Truth::Asked(quote!((#left) % (#right) == 0))
            }
        }
    }

    /// Whether `self == other`; neither of them is a const parameter.
    pub(crate) fn equals(&self, other: &Dim) -> Truth {
        match (self.literal(), other.literal()) {
            (Some(left), Some(right)) => Truth::Known(left == right),
            _ => {
                let (left, right) = (self.expression(), other.expression());
                Truth::Asked(quote!((#left) == (#right)))
            }
        }
    }

    /// Whether `self <= other`; neither of them is a const parameter.
    pub(crate) fn at_most(&self, other: &Dim) -> Truth {
        match (self.literal(), other.literal()) {
            (Some(left), Some(right)) => Truth::Known(left <= right),
            _ => {
                let (left, right) = (self.expression(), other.expression());
                Truth::Asked(quote!((#left) <= (#right)))
            }
        }
    }

    /// As a factor of a product in a message.
    fn factor(&self) -> String {
        let text = self.to_string();
        if text.contains(" + ") || text.contains(" - ") || text.contains(" / ") { format!("({text})") } else { text }
    }
}
