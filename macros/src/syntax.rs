//! What was written: a declaration, parsed but not understood.
//!
//! The header is parsed from left to right and the body statement by statement, so that a line that is being typed
//! hides neither the declared names nor the mistakes of other lines.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, GenericParam, Generics, Token, Visibility, bracketed, parenthesized};

use crate::report::Errors;
use crate::shape::source;

/// `attributes visibility struct Name<generics>(inputs) -> output { body }`
pub(crate) struct Declaration {
    /// The user's path to this library.
    pub krate: TokenStream,
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub generics: Generics,
    pub inputs: Vec<Input>,
    pub output: Option<Sizes>,
    pub statements: Vec<Statement>,
}

/// `x: [784]`, or of indices `x: [usize; 784]`
pub(crate) struct Input {
    /// None is allowed.
    attrs: Vec<Attribute>,
    pub name: Ident,
    pub element: Element,
    pub sizes: Sizes,
}

/// What an input holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Element {
    Scalar,
    Index,
}

/// `[6, 12, 12]`
pub(crate) struct Sizes {
    pub tokens: TokenStream,
    pub sizes: Vec<Expr>,
}

/// `let name: [50] = expr;`, or the final expression.
pub(crate) struct Statement {
    /// `#[frozen]`, before a `let`.
    pub frozen: Option<Attribute>,
    pub binding: Option<Binding>,
    /// Nothing where it cannot be parsed.
    pub expr: Option<Expr>,
}

/// `let name: [50] =`, or `let (a, b) =`
pub(crate) struct Binding {
    pub names: Names,
    pub ascription: Option<Sizes>,
}

/// What a `let` names.
pub(crate) enum Names {
    Value(Ident),
    /// The parts of a value.
    Parts(Vec<Ident>),
}

impl Names {
    pub(crate) fn all(&self) -> &[Ident] {
        match self {
            Self::Value(name) => std::slice::from_ref(name),
            Self::Parts(names) => names,
        }
    }
}

/// Parses a whole macro input; nothing where not even the name of the network can be read.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Option<Declaration> {
    let end = tokens.clone().into_iter().last();
    let mut parsed = None;
    let parser = |input: ParseStream| {
        parsed = declaration(input, end.as_ref(), errors);
        Ok(())
    };
    // What a group that went wrong leaves unread is an error to the parser, but not a second one to the user.
    if let Err(unread) = parser.parse2(tokens)
        && errors.is_empty()
    {
        errors.add(unread);
    }
    parsed
}

fn declaration(input: ParseStream, end: Option<&TokenTree>, errors: &mut Errors) -> Option<Declaration> {
    let start = header_start(input).map_err(|error| at_end(error, end));
    let Some((krate, attrs, vis, name)) = errors.ok(start) else {
        skip_rest(input);
        return None;
    };
    let mut declaration = Declaration {
        krate,
        attrs,
        vis,
        name,
        generics: Generics::default(),
        inputs: Vec::new(),
        output: None,
        statements: Vec::new(),
    };
    let rest = header_rest(input, &mut declaration).map_err(|error| at_end(error, end));
    let body = errors.ok(rest);
    let extra = skip_rest(input);
    if let Some(body) = body {
        declaration.statements = statements(body, &declaration.name, errors);
        if let Some(extra) = extra {
            errors.push(extra, "expected nothing after the body: `network!` declares one network");
        }
    }
    Some(declaration)
}

/// `(path to this library) attributes visibility struct Name`
fn header_start(input: ParseStream) -> syn::Result<(TokenStream, Vec<Attribute>, Visibility, Ident)> {
    let krate;
    parenthesized!(krate in input);
    let krate = krate.parse()?;
    if input.is_empty() {
        return Err(syn::Error::new(Span::call_site(), format!("expected a network\n= help: write `{EXAMPLE}`")));
    }
    let attrs = input.call(Attribute::parse_outer)?;
    let vis = input.parse()?;
    if !input.peek(Token![struct]) {
        return Err(input.error(format!("expected `struct`\n= help: write `{EXAMPLE}`")));
    }
    input.parse::<Token![struct]>()?;
    let name: Ident = input.parse()?;
    if name == "T" {
        let message = "`T` is the scalar type of every network\n= help: give this one another name";
        return Err(syn::Error::new_spanned(name, message));
    }
    Ok((krate, attrs, vis, name))
}

const EXAMPLE: &str = "struct Name(x: [784]) -> [10] { x.affine(50).relu().affine(10) }";

/// `<generics>(inputs) -> output { body }`; returns the body.
fn header_rest(input: ParseStream, declaration: &mut Declaration) -> syn::Result<TokenStream> {
    declaration.generics = input.parse()?;
    let of_parameters = |parameter: &GenericParam| match parameter {
        GenericParam::Const(parameter) => parameter.attrs.first().cloned(),
        GenericParam::Type(_) | GenericParam::Lifetime(_) => None,
    };
    if let Some(attribute) = declaration.generics.params.iter().find_map(of_parameters) {
        return Err(no_attribute(&attribute, "a const parameter", "", &declaration.name));
    }
    if !input.peek(syn::token::Paren) {
        return Err(input.error("expected the inputs with their shapes, such as `(x: [784])`"));
    }
    let inputs;
    parenthesized!(inputs in input);
    declaration.inputs = Punctuated::<Input, Token![,]>::parse_terminated(&inputs)?.into_iter().collect();
    if let Some(attribute) = declaration.inputs.iter().find_map(|input| input.attrs.first()) {
        return Err(no_attribute(attribute, "an input", "", &declaration.name));
    }
    if !input.peek(Token![->]) {
        return Err(input.error("expected the shape of the output, such as `-> [10]`"));
    }
    input.parse::<Token![->]>()?;
    declaration.output = Some(input.parse()?);
    if !input.peek(syn::token::Brace) {
        return Err(input.error("expected the body in braces, such as `{ x.affine(10) }`"));
    }
    let body;
    syn::braced!(body in input);
    body.parse()
}

fn skip_rest(input: ParseStream) -> Option<TokenStream> {
    let rest: TokenStream = input.parse().unwrap_or_default();
    (!rest.is_empty()).then_some(rest)
}

impl Parse for Input {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let name = input.parse()?;
        if !input.peek(Token![:]) {
            return Err(syn::Error::new_spanned(
                &name,
                format!("expected the shape of `{name}`, such as `{name}: [784]`"),
            ));
        }
        input.parse::<Token![:]>()?;
        let (element, sizes) = shape(input)?;
        let element = match element {
            None => Element::Scalar,
            Some(element) if element == "usize" => Element::Index,
            Some(element) => {
                let shape = source(&sizes.tokens).replace(&format!("{element} ; "), "");
                let message = format!("an input holds scalars, `{name}: {shape}`, or indices, of type `usize`");
                return Err(syn::Error::new_spanned(element, message));
            }
        };
        Ok(Self { attrs, name, element, sizes })
    }
}

impl Parse for Sizes {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        match shape(input)? {
            (None, sizes) => Ok(sizes),
            (Some(element), _) => {
                let message =
                    "only an input is of indices; what is computed from it is of scalars: write the shape alone";
                Err(syn::Error::new_spanned(element, message))
            }
        }
    }
}

/// `[784]`, or `[usize; 784]`, which says what it holds.
fn shape(input: ParseStream) -> syn::Result<(Option<Ident>, Sizes)> {
    if !input.peek(syn::token::Bracket) {
        return Err(input.error("expected a shape in brackets, such as `[784]` or `[1, 28, 28]`"));
    }
    let tokens = input.fork().parse::<TokenTree>()?.into();
    let sizes;
    bracketed!(sizes in input);
    let mut element = None;
    if sizes.peek(syn::Ident) && sizes.peek2(Token![;]) {
        element = Some(sizes.parse()?);
        sizes.parse::<Token![;]>()?;
    }
    let sizes = Punctuated::<Expr, Token![,]>::parse_terminated(&sizes)?.into_iter().collect();
    Ok((element, Sizes { tokens, sizes }))
}

/// Parses the body statement by statement; of a `let` that cannot be parsed the names are left.
fn statements(body: TokenStream, network: &Ident, errors: &mut Errors) -> Vec<Statement> {
    let end = body.clone().into_iter().last();
    let chunks = chunks(body);
    let last = chunks.len().saturating_sub(1);
    if chunks.last().is_none_or(|chunk| chunk.terminated) {
        let message = "expected a final expression without `;` after this: it is the output of the network";
        errors.push(end, message);
    }
    let parse = |(index, chunk): (usize, Chunk)| {
        let names = chunk.let_names();
        match errors.ok(statement(chunk, index == last, network)) {
            Some(statement) => vec![statement],
            None => names.into_iter().map(Statement::unknown).collect(),
        }
    };
    chunks.into_iter().enumerate().flat_map(parse).collect()
}

/// The tokens of one statement, without its semicolon.
#[derive(Default)]
struct Chunk {
    tokens: Vec<TokenTree>,
    terminated: bool,
}

impl Chunk {
    /// The number of tokens that are attributes: a `#` and brackets each.
    fn attributes(&self) -> usize {
        let is_attribute = |pair: &&[TokenTree]| matches!(pair, [TokenTree::Punct(hash), TokenTree::Group(_)] if hash.as_char() == '#');
        2 * self.tokens.chunks(2).take_while(is_attribute).count()
    }

    /// The names that a `let` seems to declare, perhaps in a pattern.
    fn let_names(&self) -> Vec<Ident> {
        match self.tokens[self.attributes()..].split_first() {
            Some((TokenTree::Ident(keyword), rest)) if keyword == "let" => {
                let pattern = rest.iter().take_while(|token| !matches!(token, TokenTree::Punct(_)));
                idents(pattern.cloned().collect())
            }
            _ => Vec::new(),
        }
    }
}

fn idents(tokens: TokenStream) -> Vec<Ident> {
    let idents = |token| match token {
        TokenTree::Ident(ident) if ident != "mut" && ident != "_" => vec![ident],
        TokenTree::Group(group) => idents(group.stream()),
        _ => Vec::new(),
    };
    tokens.into_iter().flat_map(idents).collect()
}

impl Statement {
    fn unknown(name: Ident) -> Self {
        Self { frozen: None, binding: Some(Binding { names: Names::Value(name), ascription: None }), expr: None }
    }
}

/// Splits at semicolons, and before each `let`: no expression of a body holds one.
fn chunks(body: TokenStream) -> Vec<Chunk> {
    let mut chunks = vec![Chunk::default()];
    for token in body {
        let is_let = matches!(&token, TokenTree::Ident(ident) if ident == "let");
        let is_semicolon = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
        let fresh =
            chunks.last().is_none_or(|chunk| chunk.terminated || is_let && chunk.tokens.len() > chunk.attributes());
        if fresh {
            chunks.push(Chunk::default());
        }
        if let Some(chunk) = chunks.last_mut() {
            if is_semicolon {
                chunk.terminated = true;
            } else {
                chunk.tokens.push(token);
            }
        }
    }
    chunks.retain(|chunk| !chunk.tokens.is_empty());
    chunks
}

fn statement(chunk: Chunk, is_last: bool, network: &Ident) -> syn::Result<Statement> {
    let end = chunk.tokens.last().cloned();
    let first = chunk.tokens.first().cloned();
    if let Some(attribute) = attribute_inside(&chunk.tokens[chunk.attributes()..]) {
        return Err(no_attribute(&attribute, "a part of a statement", "", network));
    }
    let parser = |input: ParseStream| {
        let frozen = frozen(input, network)?;
        let binding = if input.peek(Token![let]) { Some(binding(input)?) } else { None };
        let statement = Statement { frozen, binding, expr: Some(input.parse()?) };
        if input.is_empty() { Ok(statement) } else { Err(input.error("expected `;` before this")) }
    };
    let statement = parser.parse2(chunk.tokens.into_iter().collect()).map_err(|error| at_end(error, end.as_ref()))?;
    match &statement.binding {
        Some(binding) if is_last && !chunk.terminated => {
            let name = &binding.names.all()[0];
            let message = format!("the body ends with a `let`; end it with an expression, such as `{name}`");
            Err(syn::Error::new_spanned(name, message))
        }
        Some(_) if !chunk.terminated => Err(syn::Error::new_spanned(end, "expected `;` after this")),
        None if !is_last => {
            let message = "this value goes nowhere: name it with `let`, or end the body with it";
            Err(syn::Error::new_spanned(first, message))
        }
        _ => Ok(statement),
    }
}

/// The first attribute among some tokens, however deep.
fn attribute_inside(tokens: &[TokenTree]) -> Option<Attribute> {
    let of_pair = |pair: &[TokenTree]| match pair {
        [TokenTree::Punct(hash), TokenTree::Group(_)] if hash.as_char() == '#' => {
            let attributes = Attribute::parse_outer.parse2(pair.iter().cloned().collect()).ok()?;
            attributes.into_iter().next()
        }
        _ => None,
    };
    let of_group = |token: &TokenTree| match token {
        TokenTree::Group(group) => attribute_inside(&Vec::from_iter(group.stream())),
        _ => None,
    };
    tokens.windows(2).find_map(of_pair).or_else(|| tokens.iter().find_map(of_group))
}

/// `#[frozen]`, the attribute of a `let`.
fn frozen(input: ParseStream, network: &Ident) -> syn::Result<Option<Attribute>> {
    let attributes = input.call(Attribute::parse_outer)?;
    if let Some(other) = attributes
        .iter()
        .find(|attribute| attribute.meta.require_path_only().is_err() || !attribute.path().is_ident(FROZEN))
    {
        return Err(no_attribute(other, "a statement", ": there is `#[frozen]`, for a `let`", network));
    }
    if let (Some(attribute), false) = (attributes.first(), input.peek(Token![let])) {
        let message = "`#[frozen]` stands before a `let`, whose layers keep their parameters";
        return Err(syn::Error::new_spanned(attribute, message));
    }
    Ok(attributes.into_iter().next())
}

/// An attribute where none stands, or another.
fn no_attribute(attribute: &Attribute, place: &str, others: &str, network: &Ident) -> syn::Error {
    let message = match &attribute.meta {
        syn::Meta::List(list) if list.path.is_ident("cfg") => {
            let condition = source(&list.tokens);
            format!(
                "a condition stands on a whole network, not on {place}\n\
                 = help: declare it twice, with this and without: \
                 `#[cfg({condition})] struct {network}` and `#[cfg(not({condition}))] struct {network}`"
            )
        }
        _ => format!("{place} has no such attribute{others}"),
    };
    syn::Error::new_spanned(attribute, message)
}

/// The attribute of a `let` whose layers keep their parameters.
pub(crate) const FROZEN: &str = "frozen";

/// An unexpected end is shown where the line ends, not at the whole macro.
fn at_end(error: syn::Error, end: Option<&TokenTree>) -> syn::Error {
    let text = error.to_string();
    match (text.strip_prefix("unexpected end of input, "), end) {
        (Some("expected identifier or integer"), Some(end)) => {
            syn::Error::new_spanned(end, "expected the name of a layer after this")
        }
        (Some(expected), Some(end)) => {
            let (expected, help) = expected.split_once('\n').unwrap_or((expected, ""));
            syn::Error::new_spanned(end, format!("{expected} after this\n{help}").trim_end())
        }
        _ => error,
    }
}

fn binding(input: ParseStream) -> syn::Result<Binding> {
    input.parse::<Token![let]>()?;
    if input.peek(Token![mut]) {
        return Err(input.error("values of a network do not change: write `let` without `mut`"));
    }
    let names = if input.peek(syn::token::Paren) {
        let names;
        parenthesized!(names in input);
        let names = Punctuated::<Ident, Token![,]>::parse_terminated_with(&names, name)?;
        if names.len() < 2 {
            return Err(input.error("expected two names or more: `let (a, b) = …`"));
        }
        Names::Parts(names.into_iter().collect())
    } else {
        Names::Value(name(input)?)
    };
    let ascription = if input.peek(Token![:]) {
        input.parse::<Token![:]>()?;
        Some(input.parse()?)
    } else {
        None
    };
    input.parse::<Token![=]>()?;
    Ok(Binding { names, ascription })
}

fn name(input: ParseStream) -> syn::Result<Ident> {
    if !input.peek(Ident::peek_any) || input.peek(Token![_]) {
        return Err(input.error("expected a name: `let name = …`"));
    }
    input.parse()
}
