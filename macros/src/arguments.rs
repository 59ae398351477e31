//! What stands in the parentheses of a call, and between a layer's name and them.

use proc_macro2::{Delimiter, Group, Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Expr, ExprMethodCall, GenericArgument, Path};

use crate::catalogue::{
    Default, INITS, InitSpec, LayerSpec, OTHER_INITS, OptionKind, OptionSpec, Range, SizeKind, Turbofish,
};
use crate::constants::{self, Constants, Wrong};
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
    Init(Init),
    Nothing,
}

/// How weights are drawn.
#[derive(Clone)]
pub(crate) struct Init {
    /// The variant of `Init`.
    pub variant: &'static str,
    /// Its field, if it has one.
    pub number: Option<(&'static str, TokenStream)>,
}

/// A number for each class, or nothing.
#[derive(Clone, Default)]
pub(crate) struct Weights {
    /// The const that holds them, a slice of `f64`.
    pub name: Option<Ident>,
    pub count: Option<Dim>,
    /// As written, to be underlined.
    pub at: TokenStream,
}

/// Sorts the arguments of a call; nothing where their number or kind is wrong.
pub(crate) fn parse<'a>(
    spec: &LayerSpec,
    call: &'a ExprMethodCall,
    constants: &Constants,
    errors: &mut Errors,
) -> Option<Arguments<'a>> {
    let turbofish: Vec<_> = call.turbofish.iter().flat_map(|turbofish| &turbofish.args).collect();
    let (options, sizes): (Vec<_>, Vec<_>) = call.args.iter().partition(|argument| matches!(argument, Expr::Assign(_)));
    errors.ok(check_turbofish(spec, call, turbofish.len()))?;
    errors.ok(check_sizes(spec, call, sizes.len()))?;
    let sizes = sizes.into_iter().zip(spec.sizes).map(|(size, spec)| {
        let what = format!("`{}` takes {}", call.method, spec.what);
        errors.ok(numbers(spec.kind, size, &what))
    });
    let sizes: Vec<Option<Sizes<'a>>> = sizes.collect();
    let options = options_in_order(spec.name, spec.options, &options, constants, errors)?;
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
        [size] if matches!(size.kind, SizeKind::Shape | SizeKind::List | SizeKind::Formula) => {
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
        formula if kind == SizeKind::Formula => vec![formula],
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
        SizeKind::Formula => (true, ""),
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
    constants: &Constants,
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
        values[index] = value(name, &known[index], &option.right, constants, errors);
        ok &= values[index].is_some();
    }
    let or_default = |(value, known): (Option<Written<'a>>, &OptionSpec)| match (value, known.kind) {
        (Some(value), _) => value,
        (None, OptionKind::Number(default, _)) => Written::Number(quote!(#default)),
        (None, OptionKind::Flag(default)) => Written::Flag(default),
        (None, OptionKind::Weights) => Written::Weights(Weights::default()),
        (None, OptionKind::Sizes { .. } | OptionKind::Init) => Written::Nothing,
    };
    ok.then(|| values.into_iter().zip(known).map(or_default).collect())
}

/// What is written for an option, if it is of its kind.
fn value<'a>(
    name: &str,
    option: &OptionSpec,
    written: &'a Expr,
    constants: &Constants,
    errors: &mut Errors,
) -> Option<Written<'a>> {
    let what = |what| format!("the option `{}` of `{name}` takes {what}", option.name);
    errors.ok(match option.kind {
        OptionKind::Number(default, range) => match number(written) {
            Some(number) => {
                let expected = format!("the option `{}` of `{name}` is {}", option.name, range.text());
                let help = format!("write for example `{} = {default:?}`", option.name);
                number.within(range, written, &expected, &help, constants).map(Written::Number)
            }
            None => {
                let help = format!("write `{} = {default:?}`, or a path to a `const` of type `f64`", option.name);
                Err(syn::Error::new_spanned(written, format!("{}\n= help: {help}", what("a number"))))
            }
        },
        OptionKind::Flag(default) => match flag(written) {
            Some(flag) => Ok(Written::Flag(flag)),
            None => {
                let message = format!("{}\n= help: write `{} = {}`", what("`true` or `false`"), option.name, !default);
                Err(syn::Error::new_spanned(written, message))
            }
        },
        OptionKind::Weights => match weights(written, constants) {
            Some(weights) => weights.map(Written::Weights),
            None => {
                let help = "write `[1.0, 5.0]`, or a path to a `const` array of `f64`";
                let message = format!("{}\n= help: {help}", what("a number for each class"));
                Err(syn::Error::new_spanned(written, message))
            }
        },
        OptionKind::Sizes { kind, .. } => numbers(kind, written, &what("a size")).map(Written::Sizes),
        OptionKind::Init => return init(name, written, constants, errors).map(Written::Init),
    })
}

/// How weights are drawn, as the option `init` of `layer` says it: by a name, perhaps with a number.
fn init(layer: &str, written: &Expr, constants: &Constants, errors: &mut Errors) -> Option<Init> {
    let (path, arguments) = match written {
        Expr::Group(group) => return init(layer, &group.expr, constants, errors),
        Expr::Call(syn::ExprCall { func, args, .. }) => (&**func, args.iter().collect()),
        path => (path, Vec::new()),
    };
    let Expr::Path(path) = path else {
        errors.push(written, format!("the option `init` of `{layer}` says how weights are drawn{}", known_inits()));
        return None;
    };
    let name = source(path);
    let Some(spec) = INITS.iter().find(|spec| spec.name == name) else {
        errors.push(path, unknown_init(&name, arguments.is_empty()));
        return None;
    };
    let InitSpec { usage, variant, number, needed, .. } = spec;
    let message = match (number, arguments.iter().find(|argument| !matches!(argument, Expr::Assign(_)))) {
        ([], Some(_)) => format!("`{name}` takes no number"),
        ([number], Some(_)) => format!("the number of `{name}` has a name, `{}`", number.name),
        ([number], None) if *needed && arguments.is_empty() => format!("`{name}` needs its `{}`", number.name),
        _ => {
            let values = options_in_order(spec.name, number, &arguments, constants, errors)?;
            let number = values.into_iter().zip(*number).find_map(|(value, option)| match value {
                Written::Number(number) => Some((option.name, number)),
                _ => None,
            });
            return Some(Init { variant, number });
        }
    };
    errors.push(written, format!("{message}\n= help: write `{usage}`"));
    None
}

fn unknown_init(name: &str, has_no_number: bool) -> String {
    let last = name.rsplit("::").next().unwrap_or(name).trim();
    let known = OTHER_INITS.iter().find(|(other, _)| *other == last).map(|(_, ours)| (*ours).to_owned());
    let nearest = known.or_else(|| nearest(last, INITS.iter().map(|spec| spec.name.to_owned())));
    let spec = nearest.and_then(|name| INITS.iter().find(|spec| spec.name == name));
    let meant = |spec: &InitSpec| if has_no_number { spec.usage } else { spec.name };
    let help = spec.map_or_else(known_inits, |spec| format!("\n= help: did you mean `{}`?", meant(spec)));
    format!("there is no way to draw weights named `{name}`{help}")
}

/// All that may be written.
fn known_inits() -> String {
    let usages: Vec<&str> = INITS.iter().map(|spec| spec.usage).collect();
    format!("\n= help: write one of `{}`", usages.join("`, `"))
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

/// A number as written.
enum Number<'a> {
    Literal(f64),
    /// A path to one, perhaps with a sign.
    Const(&'a Expr),
}

fn flag(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Bool(flag), .. }) => Some(flag.value),
        Expr::Group(group) => flag(&group.expr),
        _ => None,
    }
}

fn number(expr: &Expr) -> Option<Number<'_>> {
    let literal = |value: f64| value.is_finite().then_some(Number::Literal(value));
    match expr {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Float(float), .. }) if matches!(float.suffix(), "" | "f64") => {
            literal(float.base10_parse().ok()?)
        }
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(int), .. }) if matches!(int.suffix(), "" | "f64") => {
            literal(int.base10_digits().parse().ok()?)
        }
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => match number(&unary.expr)? {
            Number::Literal(value) => Some(Number::Literal(-value)),
            Number::Const(_) => Some(Number::Const(expr)),
        },
        Expr::Paren(paren) => number(&paren.expr),
        Expr::Group(group) => number(&group.expr),
        Expr::Path(_) => Some(Number::Const(expr)),
        _ => None,
    }
}

impl Number<'_> {
    /// As an expression, if it is within `range`; what only rustc can evaluate is named and checked there.
    fn within(
        &self,
        range: Range,
        at: &Expr,
        expected: &str,
        help: &str,
        constants: &Constants,
    ) -> syn::Result<TokenStream> {
        let written = match self {
            Self::Literal(value) if range.holds(*value) => return Ok(self.expression()),
            Self::Literal(_) => {
                return Err(syn::Error::new_spanned(at, format!("{expected}, not `{}`\n= help: {help}", source(at))));
            }
            Self::Const(written) => written,
        };
        let (text, condition) = (source(written), range.condition(&constants::value()));
        let message = format!("{expected}, but `{text}` is not\n= help: {help}");
        let wrong = Wrong { condition: quote!(!(#condition)), message };
        let name = constants.number(&format!("{text}: {expected}"), &written.to_token_stream(), wrong);
        Ok(quote!(#name))
    }

    fn expression(&self) -> TokenStream {
        match self {
            Self::Literal(value) if value.is_sign_negative() => {
                let value = value.abs();
                quote!(-#value)
            }
            Self::Literal(value) => quote!(#value),
            Self::Const(written) => written.to_token_stream(),
        }
    }
}

/// Numbers in brackets, or a path to an array of them; nothing for anything else.
fn weights(written: &Expr, constants: &Constants) -> Option<syn::Result<Weights>> {
    let (array, count) = match written {
        Expr::Array(array) => {
            let numbers: Vec<Number<'_>> = array.elems.iter().map(number).collect::<Option<_>>()?;
            if let Err(error) = are_weights(&numbers, array) {
                return Some(Err(error));
            }
            let numbers_as_written = numbers.iter().map(Number::expression);
            // The brackets stay where the user wrote them, to be underlined.
            let mut list = Group::new(Delimiter::Bracket, quote!(#(#numbers_as_written),*));
            list.set_span(array.bracket_token.span.join());
            (list.into_token_stream(), Some(numbers.len()))
        }
        Expr::Path(path) => (path.to_token_stream(), None),
        Expr::Group(group) => return weights(&group.expr, constants),
        _ => return None,
    };
    let name = constants.weights(&array, format!("{WEIGHTS_ARE}\n= help: {WEIGHTS_HELP}"));
    let count = match count {
        Some(count) => Dim::Literal(count),
        None => Dim::Const(Constant { expr: quote!(#name.len()), text: format!("{}.len()", source(&array)) }),
    };
    Some(Ok(Weights { name: Some(name), count: Some(count), at: array }))
}

/// What can be said of weights here: each number by itself and, where all are known, that there is one to count.
fn are_weights(numbers: &[Number<'_>], array: &syn::ExprArray) -> syn::Result<()> {
    let known = |number: &Number<'_>| match number {
        Number::Literal(value) => Some(*value),
        Number::Const(_) => None,
    };
    let message = |of: &dyn ToTokens| format!("{WEIGHTS_ARE}, not `{}`\n= help: {WEIGHTS_HELP}", source(of));
    for (number, at) in numbers.iter().zip(&array.elems) {
        if known(number).is_some_and(|weight| weight < 0.0) {
            return Err(syn::Error::new_spanned(at, message(&at)));
        }
    }
    if !numbers.is_empty() && numbers.iter().all(|number| known(number) == Some(0.0)) {
        return Err(syn::Error::new_spanned(array, message(&array)));
    }
    Ok(())
}

const WEIGHTS_ARE: &str = "a weight of `class_weights` is 0 or more, and one is more than 0";
const WEIGHTS_HELP: &str = "write for example `[1.0, 5.0]`: samples of the second class count five times";

fn are(count: usize) -> String {
    match count {
        0 => "none is".to_owned(),
        1 => "1 is".to_owned(),
        _ => format!("{count} are"),
    }
}

/// The type of a loss or activation of the user's own, of which this is a value: `Own`, `Own { delta: 1.0 }` or `Own::new(1.0)`.
pub(crate) fn own_type(expr: &Expr) -> Option<Path> {
    let path = match expr {
        Expr::Path(path) => path.path.clone(),
        Expr::Struct(written) => written.path.clone(),
        Expr::Call(call) => match &*call.func {
            Expr::Path(function) if function.path.segments.len() > 1 => {
                let mut path = function.path.clone();
                path.segments.pop();
                path.segments.pop_punct();
                path
            }
            _ => return None,
        },
        Expr::Group(group) => return own_type(&group.expr),
        _ => return None,
    };
    let last = path.segments.last()?.ident.unraw().to_string();
    last.starts_with(char::is_uppercase).then_some(path)
}
