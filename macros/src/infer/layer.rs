//! Layers: what a call says, whether its input fits, and what its rule makes of both.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Expr, GenericArgument, TypePath};

use super::Inference;
use crate::arguments::{self, Init, Written};
use crate::arithmetic::Truth;
use crate::assertion::{self, ends, located};
use crate::catalogue::{Default, OptionKind, OptionSpec, SizeKind, SizeSpec, Takes, Turbofish};
use crate::graph::{Layer, Node, Op, Role};
use crate::message::Message;
use crate::resolve::{Call, Operand, Value, ValueOp};
use crate::rules::{self, Argument, At, Formula, Holder, OwnType, Requirement, Typed};
use crate::shape::{Dim, Shape, source};
use crate::sizes::{NO_ARITHMETIC, type_path};
use crate::syntax::{Element, Sizes};

impl Inference<'_, '_> {
    pub(super) fn layer(&mut self, index: usize, call: &Call<'_>) -> Option<Node> {
        // What is wrong with a call that makes several values was reported at the first.
        if let Some(part) = call.part.filter(|&part| part > 0) {
            self.found(index - part)?;
        }
        let sizes = self.call_sizes(call);
        let options = self.options(call, sizes.as_ref());
        let takes = self.element(&call.input);
        let own = match call.spec.turbofish {
            Turbofish::Type => Some(self.own_type(call.arguments.turbofish[0], takes)?),
            _ => None,
        };
        let formula = match call.spec.sizes {
            [SizeSpec { kind: SizeKind::Formula, .. }] => Some(self.formula(call.arguments.sizes.first()?.at)?),
            _ => None,
        };
        let input = self.shape(&call.input)?;
        match call.spec.takes {
            Takes::Own => {}
            Takes::Indices => self.indices(&input, call)?,
            _ => self.scalars(&format!("`{}`", call.spec.name), &[&call.input], call.method)?,
        }
        let (explicit, sizes) = sizes?;
        let options = options?;
        let mut asserted = match call.spec.takes {
            Takes::Any | Takes::Indices => false,
            Takes::Known | Takes::Channels => self.known(&input, call)?,
            Takes::Vector => self.vector(&input, call)?,
            Takes::Sequence => self.ranked(&input, call, "a sequence `[positions, scalars]`,", 2)?,
            Takes::Signal => self.ranked(&input, call, "a signal `[channels, scalars]`,", 2)?,
            Takes::Image => self.ranked(&input, call, "an image `[channels, rows, columns]`,", 3)?,
            Takes::Own => self.own_input(index, &input, own.as_ref()?, call)?,
        };
        // A layer of vectors is one of sequences, too: it takes each position by itself.
        let positions = match &input {
            Shape::Dims(dims) if call.spec.takes == Takes::Vector && dims.len() == 2 => Some(dims[0].clone()),
            _ => None,
        };
        let input = match (&positions, &input) {
            (Some(_), Shape::Dims(dims)) => Shape::Dims(vec![dims[1].clone()]),
            _ => input,
        };
        if let Some(explicit) = explicit {
            asserted |= self.explicit_input(index, &input, &explicit, &sizes, call)?;
        }
        let mut facts = rules::Call {
            krate: &self.declaration.krate,
            layer: call.spec.name,
            name: &self.values[index].name,
            input_name: &call.input.label,
            input: &input,
            sizes,
            options,
            own,
            ty: call.spec.ty,
            formula,
            part: call.part,
            requirements: Vec::new(),
        };
        let typed = (call.spec.rule)(&mut facts);
        let activation = typed.activation.clone();
        let Typed { ty, output, holder, remark, .. } = match positions {
            Some(positions) => typed.at_each(&positions, facts.krate),
            None => typed,
        };
        let requirements = std::mem::take(&mut facts.requirements);
        let hold: Vec<bool> = requirements.into_iter().map(|required| self.requirement(required, call)).collect();
        if hold.contains(&false) {
            return None;
        }
        let input = self.edge(&call.input, asserted);
        let frozen = self.values[index].frozen;
        let ty = if frozen { self.frozen(&ty) } else { ty };
        let layer =
            |role| Op::Layer(Layer { kind: call.spec.name, input, takes, ty, role, activation: activation.clone() });
        let op = match holder {
            Holder::Reshape => Op::Reshape { value: input },
            Holder::Function { value } => layer(Role::Function { value }),
            Holder::Field { count } => layer(Role::Field { init: self.init(index, call), count, frozen }),
        };
        Some(Node { name: self.values[index].name.clone(), op, shape: output, remark })
    }

    /// The layer of value `layer` once more, with the same parameters.
    pub(super) fn shared(&mut self, index: usize, layer: usize, input: &Operand) -> Option<Node> {
        let found = self.shape(input)?;
        let first = self.found(layer)?;
        let Op::Layer(Layer { kind, input: before, takes, ty, role, activation }) = &first.op else { return None };
        let (kind, takes, ty, activation, output) =
            (*kind, *takes, ty.clone(), activation.clone(), first.shape.clone());
        let frozen = matches!(role, Role::Field { frozen: true, .. });
        let (expected, field) = (self.nodes[before.node].as_ref()?.shape.clone(), first.name.clone());
        let at = self.values[index].at.clone();
        if self.element(input) != takes {
            let (needed, given) = match takes {
                Element::Scalar => ("scalars", "indices"),
                Element::Index => ("indices", "scalars"),
            };
            self.errors.push(at, format!("`{field}` takes {needed}, but `{}` holds {given}", input.label));
            return None;
        }
        let message = Message::new(format_args!("`{field}` is a layer of "))
            .shape(&expected)
            .text(format_args!(", but `{}` has shape ", input.label))
            .shape(&found);
        let message = self
            .with_chain(message, input)
            .help(Message::new("a layer that is shared takes one shape: change the layers before it"));
        let asserted = self.require(&found, &expected, &message, &at)?;
        let input = self.edge(input, asserted);
        let op = Op::Layer(Layer { kind, input, takes, ty, role: Role::Shared { field, frozen }, activation });
        Some(Node { name: self.values[index].name.clone(), op, shape: output, remark: None })
    }

    /// Reports what does not hold, and lets rustc look at what only it can know; says whether it may hold.
    fn requirement(&mut self, requirement: Requirement, call: &Call<'_>) -> bool {
        let Requirement { holds, message, at } = requirement;
        let message = self.with_chain(message, &call.input);
        let at = match at {
            At::Size(index) => call.arguments.sizes[index].at.to_token_stream(),
            At::Option(index) => match &call.arguments.options[index] {
                Written::Sizes(sizes) => sizes.at.to_token_stream(),
                _ => call.method.to_token_stream(),
            },
        };
        match holds {
            Truth::Known(true) => true,
            Truth::Known(false) => {
                self.errors.push(at, message);
                false
            }
            Truth::Asked(condition) => {
                let assertion = assertion::constant(self.krate(), &condition, &message, &at);
                self.assertions.extend(assertion);
                true
            }
        }
    }

    /// The frozen layer of a type, underlined where that is.
    fn frozen(&self, ty: &TokenStream) -> TokenStream {
        let krate = self.krate();
        let (at, _) = ends(ty);
        let (frozen, end) = (located(quote!(#krate::__private::Frozen<), at), located(quote!(>), at));
        quote!(#frozen #ty #end)
    }

    /// An activation of the user's own.
    fn formula(&mut self, expr: &Expr) -> Option<Formula> {
        let Some(ty) = arguments::own_type(expr) else {
            let message = format!("`map` takes an activation of your own, not `{}`", source(expr));
            self.errors
                .push(expr, message + "\n= help: write its value with its type, such as `map(Swish { slope: 1.5 })`");
            return None;
        };
        let (ty, mut value) = (ty.to_token_stream(), expr.to_token_stream());
        // A const beside the struct knows no const parameters.
        if self.declaration.generics.params.is_empty() {
            value = self.sizes.constants.formula(&ty, &value).into_token_stream();
        }
        Some(Formula { ty, value })
    }

    /// How weights are drawn: as is written, or as suits the activation that follows them.
    fn init(&self, index: usize, call: &Call<'_>) -> Option<TokenStream> {
        let written = call.arguments.options.iter().find_map(|option| match option {
            Written::Init(init) => Some(init.clone()),
            _ => None,
        });
        let following = || Init { variant: following_init(self.values, index), number: None };
        let Init { variant, number } = written.or_else(|| call.spec.suits_activation.then(following))?;
        let (krate, variant) = (self.krate(), format_ident!("{variant}"));
        let number = number.map(|(field, number)| {
            let field = format_ident!("{field}");
            quote!({ #field: #number })
        });
        Some(quote!(#krate::__private::Init::#variant #number))
    }

    /// The size of the input, where it is written, and the sizes of the call.
    fn call_sizes(&mut self, call: &Call<'_>) -> Option<(Option<Dim>, Vec<Vec<Dim>>)> {
        let mut sizes: Vec<Option<Vec<Dim>>> = match call.spec.turbofish {
            Turbofish::Sizes => {
                let mut size = |argument| Some(vec![self.sizes.argument(argument, self.errors)?]);
                call.arguments.turbofish.iter().map(|argument| size(argument)).collect()
            }
            _ => Vec::new(),
        };
        let written = call.spec.sizes.iter().zip(&call.arguments.sizes);
        let written = written.filter(|(spec, _)| spec.kind != SizeKind::Formula);
        sizes.extend(written.map(|(spec, written)| self.numbers(written, spec.kind, spec.least, call)));
        let mut sizes: Vec<Vec<Dim>> = sizes.into_iter().collect::<Option<_>>()?;
        let explicit = (sizes.len() > call.spec.sizes.len()).then(|| sizes.remove(0).remove(0));
        Some((explicit, sizes))
    }

    /// The values of the options of a call; but how weights are drawn is no matter of a rule.
    pub(super) fn options(
        &mut self,
        call: &Call<'_>,
        sizes: Option<&(Option<Dim>, Vec<Vec<Dim>>)>,
    ) -> Option<Vec<Argument>> {
        let option = |(spec, written): (&OptionSpec, &Written<'_>)| match (spec.kind, written) {
            (_, Written::Number(number)) => Some(Argument::Number(number.clone())),
            (_, Written::Flag(flag)) => Some(Argument::Flag(*flag)),
            (OptionKind::Sizes { kind, least, .. }, Written::Sizes(written)) => {
                self.numbers(written, kind, least, call).map(Argument::Sizes)
            }
            (OptionKind::Sizes { default: Default::AsSizes, .. }, _) => Some(Argument::Sizes(sizes?.1[0].clone())),
            (OptionKind::Sizes { default: Default::Size(size), kind, .. }, _) => {
                let count = if kind == SizeKind::Pair { 2 } else { 1 };
                Some(Argument::Sizes(vec![Dim::Literal(size); count]))
            }
            _ => None,
        };
        let options = call.spec.options.iter().zip(&call.arguments.options);
        let options = options.filter(|(spec, _)| !matches!(spec.kind, OptionKind::Init));
        let options: Vec<Option<Argument>> = options.map(option).collect();
        options.into_iter().collect()
    }

    /// Sizes as written, each `least` or greater.
    fn numbers(
        &mut self,
        written: &arguments::Sizes<'_>,
        kind: SizeKind,
        least: usize,
        call: &Call<'_>,
    ) -> Option<Vec<Dim>> {
        if kind == SizeKind::Shape {
            let sizes: Vec<Expr> = written.numbers.iter().map(|&number| number.clone()).collect();
            return match self.declared(&Sizes { tokens: written.at.to_token_stream(), sizes })? {
                Shape::Dims(dims) => Some(dims),
                Shape::Of(_) => None,
            };
        }
        let mut size = |number: &&Expr| match least {
            0 => self.sizes.size_or_zero(number, self.errors),
            _ => self.sizes.size(number, self.errors),
        };
        // A pair of one number is that number twice: one error is enough.
        let numbers: Vec<Dim> = match written.numbers[..] {
            [first, second] if std::ptr::eq(first, second) => vec![size(&first)?; 2],
            _ => written.numbers.iter().map(size).collect::<Option<_>>()?,
        };
        let parameter = numbers.iter().find(|number| matches!(number, Dim::Parameter(_)));
        if let (Some(parameter), Turbofish::Nothing) = (parameter, call.spec.turbofish) {
            let message =
                format!("`{}` cannot take the const parameter `{parameter}`: {NO_ARITHMETIC}", call.spec.name);
            self.errors.push(written.at, message + "\n= help: write a number, or a path to a `const`");
            return None;
        }
        Some(numbers)
    }

    /// What the number of scalars is computed from is known when constants are.
    fn known(&mut self, input: &Shape, call: &Call<'_>) -> Option<bool> {
        match input {
            Shape::Of(port) if port.generic => {
                self.unknown_size(call);
                None
            }
            _ => Some(false),
        }
    }

    /// A shape of `rank` dimensions.
    fn ranked(&mut self, input: &Shape, call: &Call<'_>, what: &str, rank: usize) -> Option<bool> {
        let message =
            Message::new(format_args!("`{}` takes {what} but `{}` has shape ", call.spec.name, call.input.label))
                .shape(input);
        let message = self.with_chain(message, &call.input).help(Message::new(format_args!(
            "say which shape it is: `.reshape({}).{}`",
            reshaped(input, rank),
            call.written()
        )));
        match input {
            Shape::Dims(dims) if dims.len() == rank && !input.is_generic() => Some(false),
            Shape::Dims(_) => {
                self.errors.push(call.method, message);
                None
            }
            Shape::Of(port) if port.generic => {
                self.unknown_size(call);
                None
            }
            Shape::Of(_) => {
                let dims = input.dims(self.krate());
                let condition = quote!(#dims.len() == #rank);
                let at = call.method.to_token_stream();
                self.assertions.extend(assertion::constant(self.krate(), &condition, &message, &at));
                Some(true)
            }
        }
    }

    fn vector(&mut self, input: &Shape, call: &Call<'_>) -> Option<bool> {
        let name = call.spec.name;
        let message =
            Message::new(format_args!("`{name}` takes a vector, but `{}` has shape ", call.input.label)).shape(input);
        let message = self
            .with_chain(message, &call.input)
            .help(Message::new(format_args!("make it a vector first: `.flatten().{}`", call.written())));
        match input {
            Shape::Dims(dims) if dims.len() <= 2 => Some(false),
            Shape::Dims(_) => {
                self.errors.push(call.method, message);
                None
            }
            Shape::Of(port) if port.generic && call.spec.has_parameters => {
                self.unknown_size(call);
                None
            }
            Shape::Of(port) if port.generic => Some(false),
            Shape::Of(_) => {
                let dims = input.dims(self.krate());
                let at = call.method.to_token_stream();
                self.assertions.extend(assertion::constant(self.krate(), &quote!(#dims.len() == 1), &message, &at));
                Some(true)
            }
        }
    }

    /// Indices, whose number is known.
    fn indices(&mut self, input: &Shape, call: &Call<'_>) -> Option<()> {
        let (name, label) = (call.spec.name, &call.input.label);
        if self.element(&call.input) == Element::Scalar {
            let message = format!("`{name}` takes indices, but `{label}` of shape {input} holds scalars");
            let help = match (&self.values[call.input.value].op, input.literal_len()) {
                (ValueOp::Input(..), Some(len)) => format!("declare it as `{label}: [usize; {len}]`"),
                _ => "only an input holds indices: declare one, such as `text: [usize; 64]`".to_owned(),
            };
            self.errors.push(call.method, format!("{message}\n= help: {help}"));
            return None;
        }
        if input.is_generic() {
            let message = format!("`{name}` cannot take `{label}` of shape {input}: {NO_ARITHMETIC}");
            self.errors.push(call.method, message + "\n= help: declare it with a number, or a path to a `const`");
            return None;
        }
        Some(())
    }

    fn unknown_size(&mut self, call: &Call<'_>) {
        let label = &call.input.label;
        let message = format!(
            "the shape of `{label}` depends on a const parameter, and {NO_ARITHMETIC}\n\
             = help: say it in a `let` before this layer: `let {label}: [D] = …`"
        );
        self.errors.push(call.method, message);
    }

    fn own_type(&mut self, argument: &GenericArgument, takes: Element) -> Option<OwnType> {
        let GenericArgument::Type(ty) = argument else { return self.not_a_type(argument) };
        let Some(path) = type_path(ty) else { return self.not_a_type(argument) };
        if let Some(scalar) = scalar(path) {
            self.errors.push(scalar, "the scalar type is that of the network around it: leave it out here");
            return None;
        }
        let name = &self.declaration.name;
        if is_self(path, name) {
            self.errors.push(path, format!("`{name}` cannot be a layer of itself: it would have no end"));
            return None;
        }
        let krate = self.krate();
        Some(OwnType {
            text: source(path),
            over_scalar: with_scalar(path, quote!(T)),
            over_f32: with_scalar(path, quote!(#krate::__private::f32)),
            generic: self.sizes.mentions_parameter(&path.to_token_stream()),
            takes,
        })
    }

    fn not_a_type(&mut self, argument: &GenericArgument) -> Option<OwnType> {
        let message = "expected the type of a declared network or of a layer of your own, such as `Block<64>`";
        self.errors.push(argument, message);
        None
    }

    fn own_input(&mut self, index: usize, input: &Shape, own: &OwnType, call: &Call<'_>) -> Option<bool> {
        let expected = own.port(self.krate(), "Input");
        let message = Message::new(format_args!("`{}`, a `{}`, takes ", self.values[index].name, own.text))
            .shape(&expected)
            .text(", but gets ")
            .shape(input);
        let message = self
            .with_chain(message, &call.input)
            .help(Message::new("give it ").shape(&expected).text(": change the layers before it, or its type"));
        let at = call.arguments.turbofish[0].to_token_stream();
        if !self.random && !self.values[index].frozen {
            self.assert_not_random(index, own, &at);
        }
        self.require(input, &expected, &message, &at)
    }

    /// A network in which nothing is random does not ask for random numbers, so none of its layers may need some.
    fn assert_not_random(&mut self, index: usize, own: &OwnType, at: &TokenStream) {
        let (value, network) = (&self.values[index].name, &self.declaration.name);
        let message = Message::new(format_args!(
            "`{value}`, a `{}`, is random in training, but `{network}` does not ask for random numbers",
            own.text
        ))
        .help(Message::new(format_args!("write `#[random]` before `struct {network}`")));
        let krate = self.krate();
        let layer = self.sizes.with_examples(&own.as_layer(krate));
        let condition = quote!(!#layer::RANDOM);
        self.assertions.extend(assertion::constant(self.krate(), &condition, &message, at));
    }

    fn explicit_input(
        &mut self,
        index: usize,
        input: &Shape,
        explicit: &Dim,
        sizes: &[Vec<Dim>],
        call: &Call<'_>,
    ) -> Option<bool> {
        let written = Shape::Dims(vec![explicit.clone()]);
        let sizes: Vec<String> = sizes.iter().flatten().map(Dim::to_string).collect();
        let message = Message::new(format_args!("`{}` is written for an input of ", self.values[index].name))
            .shape(&written)
            .text(", but gets ")
            .shape(input);
        let message = self.with_chain(message, &call.input).help(Message::new(format_args!(
            "write `{}({})`: the size of the input is inferred",
            call.spec.name,
            sizes.join(", ")
        )));
        self.require(input, &written, &message, &call.arguments.turbofish[0].to_token_stream())
    }
}

/// The scheme for weights whose value is `index`: that of the activation that reads it, through reshapes.
fn following_init(values: &[Value<'_>], index: usize) -> &'static str {
    let reader = values.iter().enumerate().find_map(|(reader, value)| match &value.op {
        ValueOp::Layer(call) if call.input.value == index => Some((reader, call.spec)),
        _ => None,
    });
    match reader {
        Some((reader, spec)) if spec.takes == Takes::Known => following_init(values, reader),
        Some((_, spec)) => spec.init.unwrap_or("Xavier"),
        None => "Xavier",
    }
}

/// A shape of `rank` dimensions with as many scalars as `shape`, as an example: a vector as a square image, where it is one.
fn reshaped(shape: &Shape, rank: usize) -> String {
    let Some(len) = shape.literal_len() else {
        return if rank == 2 { "[CHANNELS, LEN]".to_owned() } else { "[CHANNELS, ROWS, COLUMNS]".to_owned() };
    };
    match rank {
        2 => format!("[1, {len}]"),
        _ if len.isqrt().pow(2) == len => format!("[1, {0}, {0}]", len.isqrt()),
        _ => format!("[1, 1, {len}]"),
    }
}

/// A scalar type among the arguments of a type.
fn scalar(path: &TypePath) -> Option<&GenericArgument> {
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else { return None };
    arguments.args.iter().find(|argument| {
        let GenericArgument::Type(ty) = argument else { return false };
        type_path(ty).is_some_and(|path| path.path.is_ident("f32") || path.path.is_ident("f64"))
    })
}

/// Whether a path leads to the network that it stands in, as far as the path itself says. Of any other rustc says that it has
/// infinite size.
fn is_self(path: &TypePath, name: &Ident) -> bool {
    let segments: Vec<&Ident> = path.path.segments.iter().map(|segment| &segment.ident).collect();
    match segments[..] {
        [only] => only == name || only == "Self",
        [module, last] => module == "self" && last == name,
        _ => false,
    }
}

/// The user's type with the scalar as its last generic argument.
fn with_scalar(path: &TypePath, scalar: TokenStream) -> TokenStream {
    let mut path = path.clone();
    if let Some(last) = path.path.segments.last_mut() {
        let at = last.ident.span();
        let scalar = located(scalar, at);
        match &mut last.arguments {
            syn::PathArguments::AngleBracketed(arguments) => arguments.args.push(syn::parse_quote!(#scalar)),
            arguments => {
                let angled = located(quote!(<#scalar>), at);
                *arguments = syn::PathArguments::AngleBracketed(syn::parse_quote!(#angled));
            }
        }
    }
    path.into_token_stream()
}
