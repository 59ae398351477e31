//! What stands in the parentheses of a call, and between a layer's name and them.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, ExprMethodCall, GenericArgument};

use crate::catalogue::{LayerSpec, Turbofish};
use crate::report::Errors;
use crate::shape::source;
use crate::suggest::nearest;

/// The arguments of a call, as many as the layer takes.
pub(crate) struct Arguments<'a> {
    pub turbofish: Vec<&'a GenericArgument>,
    pub sizes: Vec<&'a Expr>,
    /// In the order of the catalogue.
    pub options: Vec<TokenStream>,
}

/// Sorts the arguments of a call; nothing where their number or kind is wrong.
pub(crate) fn parse<'a>(spec: &LayerSpec, call: &'a ExprMethodCall, errors: &mut Errors) -> Option<Arguments<'a>> {
    let turbofish: Vec<_> = call.turbofish.iter().flat_map(|turbofish| &turbofish.args).collect();
    let (options, sizes): (Vec<_>, Vec<_>) = call.args.iter().partition(|argument| matches!(argument, Expr::Assign(_)));
    errors.ok(check_turbofish(spec, call, turbofish.len()))?;
    errors.ok(check_sizes(spec, call, sizes.len()))?;
    let options = options_in_order(spec.name, spec.options, &options, errors)?;
    Some(Arguments { turbofish, sizes, options })
}

/// `::<…>` holds what the layer takes there.
fn check_turbofish(spec: &LayerSpec, call: &ExprMethodCall, count: usize) -> syn::Result<()> {
    let LayerSpec { name, usage, sizes, .. } = spec;
    match spec.turbofish {
        Turbofish::Nothing if count > 0 => Err(syn::Error::new_spanned(
            &call.turbofish,
            format!("`{name}` takes nothing in `::<…>`\n= help: write `{usage}`"),
        )),
        Turbofish::Type if count != 1 => Err(syn::Error::new_spanned(
            &call.method,
            format!(
                "`{name}` needs one type: a declared network or a layer of your own\n= help: write `net::<Block<64>>()`"
            ),
        )),
        Turbofish::Sizes if count > 0 && count != sizes.len() + 1 => Err(syn::Error::new_spanned(
            &call.turbofish,
            format!(
                "`{name}::<…>` takes {} sizes, that of the input and {}, but {} given\n= help: write `{name}::<784, 50>()`",
                sizes.len() + 1,
                sizes.join(", "),
                are(count),
            ),
        )),
        _ => Ok(()),
    }
}

/// The sizes stand in the parentheses, or all in `::<…>`.
fn check_sizes(spec: &LayerSpec, call: &ExprMethodCall, count: usize) -> syn::Result<()> {
    let LayerSpec { name, usage, sizes, .. } = spec;
    let written = call.turbofish.as_ref().is_some_and(|turbofish| !turbofish.args.is_empty());
    let elsewhere = spec.turbofish == Turbofish::Sizes && written;
    let message = match sizes {
        _ if elsewhere && count > 0 => format!("`{name}` is given its sizes twice"),
        _ if elsewhere || count == sizes.len() => return Ok(()),
        [] => format!("`{name}` takes no size, but {} given", are(count)),
        [size] => format!("`{name}` takes 1 size, {size}, but {} given", are(count)),
        sizes => format!("`{name}` takes {} sizes, {}, but {} given", sizes.len(), sizes.join(", "), are(count)),
    };
    let at = if call.args.is_empty() { call.method.to_token_stream() } else { call.args.to_token_stream() };
    Err(syn::Error::new_spanned(at, format!("{message}\n= help: write `{usage}`")))
}

/// The value of each option of a call, in the order of the catalogue.
pub(crate) fn options_in_order(
    name: &str,
    known: &[(&str, f64)],
    written: &[&Expr],
    errors: &mut Errors,
) -> Option<Vec<TokenStream>> {
    let mut values: Vec<Option<TokenStream>> = vec![None; known.len()];
    let mut ok = true;
    let mut refuse = |at: &dyn ToTokens, message: String| {
        errors.push(at.to_token_stream(), message);
        ok = false;
    };
    for option in written {
        let Expr::Assign(option) = option else { continue };
        let written = source(&option.left);
        let Some(index) = known.iter().position(|(known, _)| *known == written) else {
            let names: Vec<String> = known.iter().map(|(known, _)| (*known).to_owned()).collect();
            let help = match &names[..] {
                [] => format!("\n= help: `{name}` has no options"),
                names => match nearest(&written, names.iter().cloned()) {
                    Some(name) => format!("\n= help: did you mean `{name}`?"),
                    None => format!("\n= help: its options are `{}`", names.join("`, `")),
                },
            };
            refuse(&option.left, format!("`{name}` has no option `{written}`{help}"));
            continue;
        };
        if values[index].is_some() {
            refuse(&option.left, format!("the option `{written}` is given twice"));
        } else if let Some(number) = number(&option.right) {
            values[index] = Some(number);
        } else {
            let default = known[index].1;
            let help = format!("\n= help: write `{written} = {default:?}`, or a path to a `const` of type `f64`");
            refuse(&option.right, format!("the option `{written}` of `{name}` takes a number{help}"));
        }
    }
    let value = |(value, (_, default)): (Option<TokenStream>, &(&str, f64))| value.unwrap_or_else(|| quote!(#default));
    ok.then(|| values.into_iter().zip(known).map(value).collect())
}

/// A number, or a path to one, as an `f64`.
fn number(expr: &Expr) -> Option<TokenStream> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(float), .. }) => Some(float.to_token_stream()),
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) => {
            let value: f64 = int.base10_parse().ok()?;
            Some(quote!(#value))
        }
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => {
            let value = number(&unary.expr)?;
            Some(quote!(-#value))
        }
        Expr::Paren(paren) => number(&paren.expr),
        Expr::Group(group) => number(&group.expr),
        Expr::Path(path) => Some(path.to_token_stream()),
        _ => None,
    }
}

fn are(count: usize) -> String {
    match count {
        0 => "none is".to_owned(),
        1 => "1 is".to_owned(),
        _ => format!("{count} are"),
    }
}
