//! What stands in the parentheses of a call, and between a layer's name and them.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote};
use syn::{Expr, ExprMethodCall, GenericArgument};

use crate::catalogue::{Default, LayerSpec, OptionKind, OptionSpec, SizeKind, Turbofish};
use crate::report::Errors;
use crate::shape::{Constant, Dim, source};
use crate::suggest::nearest;

/// The arguments of a call, as many as the layer takes.
#[derive(Clone)]
pub(crate) struct Arguments<'a> {
    pub turbofish: Vec<&'a GenericArgument>,
    pub sizes: Vec<Sizes<'a>>,
    /// In the order of the catalogue.
    pub options: Vec<Written<'a>>,
}

/// A size, as many numbers as its kind has.
#[derive(Clone)]
pub(crate) struct Sizes<'a> {
    pub at: &'a Expr,
    pub numbers: Vec<&'a Expr>,
}

/// What is written for an option.
#[derive(Clone)]
pub(crate) enum Written<'a> {
    Number(TokenStream),
    Flag(bool),
    Weights(Weights),
    Sizes(Sizes<'a>),
    Nothing,
}

/// A number for each class, or nothing.
#[derive(Clone, Default)]
pub(crate) struct Weights {
    /// An array of `f64`; empty where none are given.
    pub numbers: TokenStream,
    pub count: Option<Dim>,
}

/// Sorts the arguments of a call; nothing where their number or kind is wrong.
pub(crate) fn parse<'a>(spec: &LayerSpec, call: &'a ExprMethodCall, errors: &mut Errors) -> Option<Arguments<'a>> {
    let turbofish: Vec<_> = call.turbofish.iter().flat_map(|turbofish| &turbofish.args).collect();
    let (options, sizes): (Vec<_>, Vec<_>) = call.args.iter().partition(|argument| matches!(argument, Expr::Assign(_)));
    errors.ok(check_turbofish(spec, call, turbofish.len()))?;
    errors.ok(check_sizes(spec, call, sizes.len()))?;
    let sizes = sizes.into_iter().zip(spec.sizes).map(|(size, spec)| {
        let what = format!("`{}` takes {}", call.method, spec.what);
        errors.ok(numbers(spec.kind, size, &what))
    });
    let sizes: Vec<Option<Sizes<'a>>> = sizes.collect();
    let options = options_in_order(spec.name, spec.options, &options, errors)?;
    needed_are_there(spec, call, &options, errors)?;
    Some(Arguments { turbofish, sizes: sizes.into_iter().collect::<Option<_>>()?, options })
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
                whats(spec),
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
        [size] if matches!(size.kind, SizeKind::Shape | SizeKind::List) => {
            format!("`{name}` takes {}, but {} given", size.what, are(count))
        }
        [size] => format!("`{name}` takes 1 size, {}, but {} given", size.what, are(count)),
        sizes => format!("`{name}` takes {} sizes, {}, but {} given", sizes.len(), whats(spec), are(count)),
    };
    let at = if call.args.is_empty() { call.method.to_token_stream() } else { call.args.to_token_stream() };
    Err(syn::Error::new_spanned(at, format!("{message}\n= help: write `{usage}`")))
}

/// What the sizes of a layer are.
fn whats(spec: &LayerSpec) -> String {
    let whats: Vec<&str> = spec.sizes.iter().map(|size| size.what).collect();
    whats.join(", ")
}

/// The numbers of a size: `3`, `[3, 5]`, `[16, 4, 4]`. A single one is for rows and columns alike.
fn numbers<'a>(kind: SizeKind, at: &'a Expr, what: &str) -> syn::Result<Sizes<'a>> {
    let written: Vec<&Expr> = match at {
        Expr::Array(array) => array.elems.iter().collect(),
        Expr::Group(group) => return numbers(kind, &group.expr, what),
        number => vec![number],
    };
    let is_list = matches!(at, Expr::Array(_));
    let (fits, help) = match kind {
        SizeKind::One => (!is_list, "one number, such as `3`"),
        SizeKind::Pair => (
            written.len() == 2 || !is_list,
            "a number, such as `3`, or one for rows and one for columns, such as `[3, 5]`",
        ),
        SizeKind::List => (is_list && !written.is_empty(), "sizes in brackets, such as `[3, 5]`"),
        SizeKind::Shape => (is_list, "a shape in brackets, such as `[1, 28, 28]`"),
    };
    if !fits {
        return Err(syn::Error::new_spanned(at, format!("{what}: {help}, not `{}`", source(at))));
    }
    let numbers = if kind == SizeKind::Pair && !is_list { vec![at, at] } else { written };
    Ok(Sizes { at, numbers })
}

/// The value of each option of a call, in the order of the catalogue.
pub(crate) fn options_in_order<'a>(
    name: &str,
    known: &[OptionSpec],
    written: &[&'a Expr],
    errors: &mut Errors,
) -> Option<Vec<Written<'a>>> {
    let mut values: Vec<Option<Written<'a>>> = vec![None; known.len()];
    let mut ok = true;
    for option in written {
        let Expr::Assign(option) = option else { continue };
        let written = source(&option.left);
        let Some(index) = known.iter().position(|known| known.name == written) else {
            errors.push(&option.left, unknown_option(name, &written, known));
            ok = false;
            continue;
        };
        if values[index].is_some() {
            errors.push(&option.left, format!("the option `{written}` is given twice"));
            ok = false;
            continue;
        }
        values[index] = errors.ok(value(name, &known[index], &option.right));
        ok &= values[index].is_some();
    }
    let or_default = |(value, known): (Option<Written<'a>>, &OptionSpec)| match (value, known.kind) {
        (Some(value), _) => value,
        (None, OptionKind::Number(default)) => Written::Number(quote!(#default)),
        (None, OptionKind::Flag) => Written::Flag(false),
        (None, OptionKind::Weights) => Written::Weights(Weights::default()),
        (None, OptionKind::Sizes { .. }) => Written::Nothing,
    };
    ok.then(|| values.into_iter().zip(known).map(or_default).collect())
}

/// What is written for an option, if it is of its kind.
fn value<'a>(name: &str, option: &OptionSpec, written: &'a Expr) -> syn::Result<Written<'a>> {
    let what = |what| format!("the option `{}` of `{name}` takes {what}", option.name);
    match option.kind {
        OptionKind::Number(default) => number(written).map(Written::Number).ok_or_else(|| {
            let help = format!("write `{} = {default:?}`, or a path to a `const` of type `f64`", option.name);
            syn::Error::new_spanned(written, format!("{}\n= help: {help}", what("a number")))
        }),
        OptionKind::Flag => match written {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Bool(flag), .. }) => Ok(Written::Flag(flag.value)),
            _ => Err(syn::Error::new_spanned(written, what("`true` or `false`"))),
        },
        OptionKind::Weights => weights(written).map(Written::Weights).ok_or_else(|| {
            let help = "write `[1.0, 5.0]`, or a path to a `const` array of `f64`";
            syn::Error::new_spanned(written, format!("{}\n= help: {help}", what("a number for each class")))
        }),
        OptionKind::Sizes { kind, .. } => numbers(kind, written, &what("a size")).map(Written::Sizes),
    }
}

fn unknown_option(name: &str, written: &str, known: &[OptionSpec]) -> String {
    let names: Vec<String> = known.iter().map(|known| known.name.to_owned()).collect();
    let help = match &names[..] {
        [] => format!("`{name}` has no options"),
        names => match nearest(written, names.iter().cloned()) {
            Some(name) => format!("did you mean `{name}`?"),
            None => format!("its options are `{}`", names.join("`, `")),
        },
    };
    format!("`{name}` has no option `{written}`\n= help: {help}")
}

/// An option without a default is written.
fn needed_are_there(
    spec: &LayerSpec,
    call: &ExprMethodCall,
    options: &[Written<'_>],
    errors: &mut Errors,
) -> Option<()> {
    for (option, written) in spec.options.iter().zip(options) {
        if let (OptionKind::Sizes { default: Default::Needed, .. }, Written::Nothing) = (option.kind, written) {
            let message = format!("`{}` needs the option `{}`", spec.name, option.name);
            errors.push(&call.method, format!("{message}\n= help: write `{}`", spec.usage));
            return None;
        }
    }
    Some(())
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

/// Numbers in brackets, or a path to an array of them.
fn weights(written: &Expr) -> Option<Weights> {
    match written {
        Expr::Array(array) => {
            let numbers: Vec<TokenStream> = array.elems.iter().map(number).collect::<Option<_>>()?;
            // The brackets stay where the user wrote them, to be underlined.
            let mut list = Group::new(Delimiter::Bracket, quote!(#(#numbers),*));
            list.set_span(array.bracket_token.span.join());
            Some(Weights { numbers: list.into_token_stream(), count: Some(Dim::Literal(numbers.len())) })
        }
        Expr::Path(path) => {
            let count = Constant { expr: quote!(#path.len()), text: format!("{}.len()", source(path)) };
            Some(Weights { numbers: path.to_token_stream(), count: Some(Dim::Const(count)) })
        }
        Expr::Group(group) => weights(&group.expr),
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
