//! Sizes as written, evaluated as far as a macro can.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{BinOp, Expr, GenericArgument, Lit, Type, TypePath};

use crate::constants::Constants;
use crate::report::Errors;
use crate::shape::{Dim, MOST, Shape, source};
use crate::syntax::Sizes;

/// Evaluates sizes in a network with these const parameters.
pub(crate) struct Evaluator<'a> {
    pub parameters: &'a [Ident],
    /// The sizes that only rustc can evaluate.
    pub constants: &'a Constants,
}

impl Evaluator<'_> {
    /// A shape of one to three dimensions.
    pub(crate) fn shape(&self, written: &Sizes, errors: &mut Errors) -> Option<Shape> {
        if written.sizes.is_empty() || written.sizes.len() > 3 {
            let message = format!("a shape has one to three dimensions, not {}", written.sizes.len());
            errors
                .push(&written.tokens, message + "\n= help: write `[784]` or `[1, 28, 28]`; a single number is `[1]`");
            return None;
        }
        let dims: Vec<Option<Dim>> = written.sizes.iter().map(|size| self.size(size, errors)).collect();
        let shape = Shape::Dims(dims.into_iter().collect::<Option<_>>()?);
        if written.sizes.len() > 1 && shape.is_generic() {
            let parameter = written.sizes.iter().find(|size| self.mentions_parameter(&size.to_token_stream()));
            let message = format!("a const parameter stands in a shape of one dimension only: {NO_ARITHMETIC}");
            errors.push(parameter, message + "\n= help: write the other shape with numbers or paths to a `const`");
            return None;
        }
        if matches!(shape.literal_len(), Some(len) if len > MOST) {
            errors.push(&written.tokens, format!("a sample of shape {shape} has more than {MOST} scalars"));
            return None;
        }
        Some(shape)
    }

    /// A size of 1 or more.
    pub(crate) fn size(&self, expr: &Expr, errors: &mut Errors) -> Option<Dim> {
        self.at_least(1, expr, errors)
    }

    /// A size of 0 or more.
    pub(crate) fn size_or_zero(&self, expr: &Expr, errors: &mut Errors) -> Option<Dim> {
        self.at_least(0, expr, errors)
    }

    fn at_least(&self, least: usize, expr: &Expr, errors: &mut Errors) -> Option<Dim> {
        match errors.ok(self.evaluate(expr))? {
            Dim::Literal(size) if size < least => {
                errors.push(expr, "a size is 1 or more, not 0");
                None
            }
            Dim::Literal(size) if size > MOST => {
                errors.push(expr, format!("a size is {MOST} or less, not {size}"));
                None
            }
            Dim::Const(size) => Some(Dim::Const(self.constants.size(size, least))),
            size => Some(size),
        }
    }

    /// A size in `::<…>`.
    pub(crate) fn argument(&self, argument: &GenericArgument, errors: &mut Errors) -> Option<Dim> {
        let expr = match argument {
            GenericArgument::Const(expr) => Some(expr.clone()),
            GenericArgument::Type(ty) => type_path(ty).and_then(|path| syn::parse2(path.to_token_stream()).ok()),
            _ => None,
        };
        let Some(expr) = expr else {
            errors.push(argument, NOT_A_SIZE);
            return None;
        };
        self.size(&expr, errors)
    }

    /// The same tokens with a size for each const parameter, for what does not depend on it.
    pub(crate) fn with_examples(&self, tokens: &TokenStream) -> TokenStream {
        let example = |token| match token {
            TokenTree::Ident(ident) if self.parameters.contains(&ident) => EXAMPLE.to_token_stream(),
            TokenTree::Group(group) => {
                Group::new(group.delimiter(), self.with_examples(&group.stream())).into_token_stream()
            }
            token => token.into_token_stream(),
        };
        tokens.clone().into_iter().map(example).collect()
    }

    /// Whether a const parameter is mentioned anywhere.
    pub(crate) fn mentions_parameter(&self, tokens: &TokenStream) -> bool {
        self.parameter(tokens).is_some()
    }

    fn parameter(&self, tokens: &TokenStream) -> Option<Ident> {
        tokens.clone().into_iter().find_map(|token| match token {
            TokenTree::Ident(ident) => self.parameters.contains(&ident).then_some(ident),
            TokenTree::Group(group) => self.parameter(&group.stream()),
            _ => None,
        })
    }

    fn evaluate(&self, expr: &Expr) -> syn::Result<Dim> {
        match expr {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(int) if matches!(int.suffix(), "" | "usize") => Ok(Dim::Literal(int.base10_parse()?)),
                _ => Err(syn::Error::new_spanned(expr, NOT_A_SIZE)),
            },
            Expr::Path(path) => match path.path.get_ident() {
                Some(name) if self.parameters.contains(name) => Ok(Dim::Parameter(name.clone())),
                _ => Ok(Dim::written(expr)),
            },
            Expr::Paren(paren) => self.evaluate(&paren.expr),
            Expr::Group(group) => self.evaluate(&group.expr),
            Expr::Block(block) => match &block.block.stmts[..] {
                [syn::Stmt::Expr(inner, None)] => self.evaluate(inner),
                _ => Err(syn::Error::new_spanned(expr, NOT_A_SIZE)),
            },
            Expr::Binary(binary) => self.arithmetic(expr, binary),
            _ => Err(syn::Error::new_spanned(expr, NOT_A_SIZE)),
        }
    }

    fn arithmetic(&self, expr: &Expr, binary: &syn::ExprBinary) -> syn::Result<Dim> {
        let operands = (self.evaluate(&binary.left)?, self.evaluate(&binary.right)?);
        if let Some(parameter) = self.parameter(&expr.to_token_stream()) {
            let help = format!("add another parameter for `{}`, such as `const SIZE: usize`", source(expr));
            let message = format!("cannot compute with the const parameter `{parameter}`: {NO_ARITHMETIC}");
            return Err(syn::Error::new_spanned(expr, format!("{message}\n= help: {help}")));
        }
        let (Dim::Literal(left), Dim::Literal(right)) = operands else { return Ok(Dim::written(expr)) };
        let value = match binary.op {
            BinOp::Add(_) => left.checked_add(right),
            BinOp::Sub(_) => left.checked_sub(right),
            BinOp::Mul(_) => left.checked_mul(right),
            BinOp::Div(_) => left.checked_div(right),
            BinOp::Rem(_) => left.checked_rem(right),
            _ => return Err(syn::Error::new_spanned(binary.op, "sizes are computed with `+ - * / %`")),
        };
        value.map(Dim::Literal).ok_or_else(|| {
            syn::Error::new_spanned(expr, format!("`{}` is not a whole number of 1 or more", source(expr)))
        })
    }
}

/// A type that is a path, perhaps one that another macro was given.
pub(crate) fn type_path(ty: &Type) -> Option<&TypePath> {
    match ty {
        Type::Path(path) => Some(path),
        Type::Group(group) => type_path(&group.elem),
        _ => None,
    }
}

/// Any size.
const EXAMPLE: usize = 8;

const NOT_A_SIZE: &str =
    "expected a size: a whole number, a path to a `const`, arithmetic on those, or a const parameter of the network";

/// Why a const parameter stands by itself.
pub(crate) const NO_ARITHMETIC: &str = "stable Rust has no arithmetic on const parameters in types";
