//! Names resolved: the statements as values, each computed from earlier ones.

use std::collections::HashMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident};
use syn::{BinOp, Expr, ExprCall, ExprMethodCall};

use crate::arguments::{self, Arguments, Written};
use crate::catalogue::{ATTENTION, AXIS, CAUSAL, LAYERS, LayerSpec, OTHER_NAMES, SHARED, SPLIT};
use crate::constants::Constants;
use crate::graph::Operator;
use crate::report::Errors;
use crate::shape::source;
use crate::suggest::{did_you_mean, nearest};
use crate::syntax::{Binding, Declaration, Element, Names, Sizes, Statement};

/// The body of a network as a list of values, inputs first.
pub(crate) struct Body<'a> {
    pub values: Vec<Value<'a>>,
    /// Nothing where the final expression is missing or wrong.
    pub output: Option<Operand>,
    /// Which inputs and `let`s somebody wrote and somebody reads.
    pub bindings: Vec<Bound>,
}

/// One value.
pub(crate) struct Value<'a> {
    pub name: Ident,
    pub op: ValueOp<'a>,
    /// What computes it, to be underlined.
    pub at: TokenStream,
    /// Whether its parameters stay as they are.
    pub frozen: bool,
    /// What its `let` says of its shape.
    pub ascriptions: Vec<(&'a Ident, &'a Sizes)>,
}

/// How a value is computed.
pub(crate) enum ValueOp<'a> {
    Input(Element, &'a Sizes),
    Layer(Call<'a>),
    Binary {
        operator: Operator,
        left: Operand,
        right: Operand,
    },
    Concat {
        parts: Vec<Operand>,
        axis: Written<'a>,
    },
    /// Queries, keys and values.
    Attention {
        parts: [Operand; 3],
        is_causal: bool,
    },
    /// A layer that was applied before, once more.
    Shared {
        layer: usize,
        input: Operand,
    },
    /// Something is wrong with it, and has been reported.
    Unknown,
}

impl ValueOp<'_> {
    /// What it is computed from.
    pub(crate) fn operands(&self) -> Vec<&Operand> {
        match self {
            Self::Layer(Call { input, .. }) | Self::Shared { input, .. } => vec![input],
            Self::Binary { left, right, .. } => vec![left, right],
            Self::Concat { parts, .. } => parts.iter().collect(),
            Self::Attention { parts, .. } => parts.iter().collect(),
            Self::Input(..) | Self::Unknown => Vec::new(),
        }
    }
}

/// A call of a layer.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub spec: &'static LayerSpec,
    pub method: &'a Ident,
    pub input: Operand,
    pub arguments: Arguments<'a>,
    /// Which of several values that the call makes.
    pub part: Option<usize>,
    /// What stands in the parentheses, as written.
    inside: String,
}

impl Call<'_> {
    /// As it is written, without its input.
    pub(crate) fn written(&self) -> String {
        format!("{}({})", self.spec.name, self.inside)
    }

    /// The same with another option.
    pub(crate) fn written_with(&self, option: &str) -> String {
        format!("{}({}, {option})", self.spec.name, self.inside)
    }
}

/// A value where it is used.
#[derive(Clone)]
pub(crate) struct Operand {
    pub value: usize,
    /// What the user calls it.
    pub label: String,
}

/// A name of the user.
pub(crate) struct Bound {
    pub name: Ident,
    pub is_input: bool,
    pub used: bool,
    value: usize,
}

/// Resolves every name of the body.
pub(crate) fn resolve<'a>(declaration: &'a Declaration, constants: &'a Constants, errors: &mut Errors) -> Body<'a> {
    let later = declaration.statements.iter().filter_map(|statement| statement.binding.as_ref());
    let mut resolver = Resolver {
        values: Vec::new(),
        bindings: Vec::new(),
        later: later.flat_map(|binding| binding.names.all()).cloned().collect(),
        counts: HashMap::new(),
        constants,
        errors,
    };
    for input in &declaration.inputs {
        let tokens = input.name.to_token_stream();
        let value = resolver.push(input.name.clone(), ValueOp::Input(input.element, &input.sizes), tokens);
        resolver.bind(&input.name, true, value);
    }
    let mut output = None;
    for statement in &declaration.statements {
        output = resolver.statement(statement);
    }
    let Resolver { mut values, bindings, .. } = resolver;
    make_names_unique(&mut values, &bindings, errors);
    Body { values, output, bindings }
}

struct Resolver<'a, 'e> {
    values: Vec<Value<'a>>,
    bindings: Vec<Bound>,
    /// All names that a `let` declares anywhere.
    later: Vec<Ident>,
    /// How many layers of a kind there are so far.
    counts: HashMap<&'static str, usize>,
    constants: &'a Constants,
    errors: &'e mut Errors,
}

impl<'a> Resolver<'a, '_> {
    /// Resolves one statement; returns its value where it is the final expression.
    fn statement(&mut self, statement: &'a Statement) -> Option<Operand> {
        let first = self.values.len();
        if let (Some(Binding { names: Names::Parts(names), .. }), Some(expr)) = (&statement.binding, &statement.expr) {
            self.parts(names, expr);
            self.freeze(first, statement);
            return None;
        }
        let operand = match &statement.expr {
            Some(expr) => self.expression(expr),
            None => self.unknown(TokenStream::new()),
        };
        self.freeze(first, statement);
        let Some(Binding { names: Names::Value(name), ascription }) = &statement.binding else { return Some(operand) };
        let value = operand.value;
        if self.bind(name, false, value) {
            self.name_by_let(first, value, name);
        }
        if let Some(ascription) = ascription {
            self.values[value].ascriptions.push((name, ascription));
        }
        None
    }

    /// Freezes the layers of a statement, the values from `first` on, where it says so.
    fn freeze(&mut self, first: usize, statement: &Statement) {
        let Some(attribute) = &statement.frozen else { return };
        let layers: Vec<usize> = (first..self.values.len()).filter(|&value| self.has_parameters(value)).collect();
        let unknown = self.values[first..].iter().any(|value| matches!(value.op, ValueOp::Unknown));
        if layers.is_empty() && !unknown {
            self.errors.push(attribute, "nothing in this `let` has parameters\n= help: remove `#[frozen]`");
        }
        for layer in layers {
            self.values[layer].frozen = true;
        }
    }

    /// The parts of a value, a name each.
    fn parts(&mut self, names: &'a [Ident], expr: &'a Expr) {
        let call = self.split(names, expr);
        for (part, name) in names.iter().enumerate() {
            let value = match &call {
                Some(call) => {
                    let call = Call { part: Some(part), ..call.clone() };
                    self.push(name.clone(), ValueOp::Layer(call), expr.to_token_stream())
                }
                None => self.unknown(expr.to_token_stream()).value,
            };
            self.bind(name, false, value);
        }
    }

    /// The call of `split` with as many parts as names.
    fn split(&mut self, names: &[Ident], expr: &'a Expr) -> Option<Call<'a>> {
        let call = match expr {
            Expr::MethodCall(call) if call.method == SPLIT => call,
            _ => {
                let message =
                    "several names are for the parts of a `split`\n= help: write `let (a, b) = x.split([3, 5])`";
                self.errors.push(expr, message);
                return None;
            }
        };
        let input = self.expression(&call.receiver);
        let call = self.call(call, input)?;
        let parts = call.arguments.sizes[0].numbers.len();
        if parts != names.len() {
            let message = format!("{parts} sizes are given for {} names: each part has one", names.len());
            self.errors.push(call.arguments.sizes[0].at, message);
            return None;
        }
        Some(call)
    }

    /// A `let` names its only layer with parameters or, where it has none, its value.
    fn name_by_let(&mut self, first: usize, last: usize, name: &Ident) {
        let with_parameters: Vec<usize> =
            (first..self.values.len()).filter(|&value| self.has_parameters(value)).collect();
        match with_parameters[..] {
            [only] => self.values[only].name = name.clone(),
            _ if last >= first && !self.has_parameters(last) => self.values[last].name = name.clone(),
            _ => {}
        }
    }

    fn has_parameters(&self, value: usize) -> bool {
        matches!(&self.values[value].op, ValueOp::Layer(call) if call.spec.has_parameters)
    }

    /// Gives a value a name; says whether the name was free.
    fn bind(&mut self, name: &Ident, is_input: bool, value: usize) -> bool {
        if let Some(first) = self.bindings.iter().find(|bound| bound.name == *name) {
            let kind = if first.is_input { "an input" } else { "a `let`" };
            let message = format!("the name `{name}` is taken: there is {kind} of that name above");
            self.errors.push(name, message + "\n= help: give each value a name of its own");
            return false;
        }
        self.bindings.push(Bound { name: name.clone(), is_input, used: false, value });
        true
    }

    fn push(&mut self, name: Ident, op: ValueOp<'a>, at: TokenStream) -> usize {
        self.values.push(Value { name, op, at, frozen: false, ascriptions: Vec::new() });
        self.values.len() - 1
    }

    /// Adds a value named by its kind, `relu1`.
    fn push_counted(&mut self, kind: &'static str, op: ValueOp<'a>, at: TokenStream, span: &Ident) -> Operand {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let name = format_ident!("{kind}{count}", span = span.span());
        let label = name.to_string();
        Operand { value: self.push(name, op, at), label }
    }

    /// Resolves an expression; a wrong one is reported, and the rest goes on without its shape.
    fn expression(&mut self, expr: &'a Expr) -> Operand {
        let operand = self.try_expression(expr);
        operand.unwrap_or_else(|| self.unknown(expr.to_token_stream()))
    }

    /// A value with a mistake that has been reported.
    fn unknown(&mut self, at: TokenStream) -> Operand {
        let name = Ident::new("unknown", proc_macro2::Span::call_site());
        Operand { label: name.to_string(), value: self.push(name, ValueOp::Unknown, at) }
    }

    fn try_expression(&mut self, expr: &'a Expr) -> Option<Operand> {
        match expr {
            Expr::Paren(paren) => Some(self.expression(&paren.expr)),
            Expr::Group(group) => Some(self.expression(&group.expr)),
            Expr::Path(path) => self.variable(path),
            Expr::MethodCall(call) => self.layer(call),
            Expr::Binary(binary) => self.binary(binary),
            Expr::Call(call) => self.function(call),
            _ => {
                self.errors.push(expr, not_a_value(expr));
                None
            }
        }
    }

    fn variable(&mut self, path: &syn::ExprPath) -> Option<Operand> {
        let Some(name) = path.path.get_ident() else {
            self.errors.push(path, "expected the name of an input or `let`, not a path");
            return None;
        };
        if let Some(bound) = self.bindings.iter_mut().find(|bound| bound.name == *name) {
            bound.used = true;
            return Some(Operand { value: bound.value, label: name.to_string() });
        }
        let message = if self.later.contains(name) {
            format!("`{name}` is used before its `let`\n= help: move `let {name}` above this line")
        } else {
            let names = self.bindings.iter().map(|bound| bound.name.to_string());
            format!("there is no input or `let` named `{name}`{}", did_you_mean(&name.to_string(), names))
        };
        self.errors.push(name, message);
        None
    }

    fn binary(&mut self, binary: &'a syn::ExprBinary) -> Option<Operand> {
        let left = self.expression(&binary.left);
        let right = self.expression(&binary.right);
        let (kind, operator) = match binary.op {
            BinOp::Add(_) => ("add", Operator::Add),
            BinOp::Sub(_) => ("sub", Operator::Sub),
            BinOp::Mul(_) => ("mul", Operator::Mul),
            BinOp::Div(_) => ("div", Operator::Div),
            _ => {
                let operator = source(binary.op);
                self.errors.push(
                    binary.op,
                    format!("there is no operator `{operator}` on values: there are `+`, `-`, `*` and `/`"),
                );
                return None;
            }
        };
        let span = Ident::new(kind, proc_macro2::Span::call_site());
        let op = ValueOp::Binary { operator, left, right };
        Some(self.push_counted(kind, op, binary.to_token_stream(), &span))
    }

    fn function(&mut self, call: &'a ExprCall) -> Option<Operand> {
        let name = source(&call.func);
        let span = |name: &str| Ident::new(name, proc_macro2::Span::call_site());
        let (options, parts): (Vec<_>, Vec<_>) =
            call.args.iter().partition(|argument| matches!(argument, Expr::Assign(_)));
        let parts: Vec<Operand> = parts.into_iter().map(|part| self.expression(part)).collect();
        if name == ATTENTION {
            let options = arguments::options_in_order(ATTENTION, &[CAUSAL], &options, self.constants, self.errors)?;
            let Ok(parts) = <[Operand; 3]>::try_from(parts) else {
                let message = "`attention` is of three values\n= help: write `attention(queries, keys, values)`";
                self.errors.push(call, message);
                return None;
            };
            let op = ValueOp::Attention { parts, is_causal: matches!(options[..], [Written::Flag(true)]) };
            return Some(self.push_counted(ATTENTION, op, call.to_token_stream(), &span(ATTENTION)));
        }
        if name != "concat" {
            let help = match nearest(&name, LAYERS.iter().map(|spec| spec.name.to_owned())) {
                Some(layer) => format!("layers are methods: `x.{layer}(…)`"),
                None => {
                    "layers are methods, such as `x.relu()`; the functions are `concat(a, b)` and `attention(q, k, v)`"
                        .to_owned()
                }
            };
            self.errors.push(&call.func, format!("there is no function `{name}`\n= help: {help}"));
            return None;
        }
        if parts.len() < 2 {
            self.errors.push(call, "`concat` joins two values or more\n= help: write `concat(a, b)`");
            return None;
        }
        let mut options = arguments::options_in_order("concat", &[AXIS], &options, self.constants, self.errors)?;
        let op = ValueOp::Concat { parts, axis: options.remove(0) };
        Some(self.push_counted("concat", op, call.to_token_stream(), &span("concat")))
    }

    fn layer(&mut self, call: &'a ExprMethodCall) -> Option<Operand> {
        let input = self.expression(&call.receiver);
        let method = &call.method;
        if method == SPLIT {
            let message =
                "`split` makes several values, which have names\n= help: write `let (a, b) = x.split([3, 5])`";
            self.errors.push(method, message);
            return None;
        }
        if method == SHARED {
            return self.shared(call, input);
        }
        let call = self.call(call, input)?;
        Some(self.push_counted(call.spec.value, ValueOp::Layer(call), method.to_token_stream(), method))
    }

    /// A layer, by its name, applied once more.
    fn shared(&mut self, call: &'a ExprMethodCall, input: Operand) -> Option<Operand> {
        let method = &call.method;
        let name = match call.args.first() {
            Some(Expr::Path(path)) if call.args.len() == 1 && call.turbofish.is_none() => path.path.get_ident(),
            _ => None,
        };
        let Some(name) = name else {
            let message = "`shared` takes the name of a layer with parameters that was applied before";
            self.errors.push(method, format!("{message}\n= help: write `x.shared(affine1)`"));
            return None;
        };
        let layers: Vec<usize> = (0..self.values.len()).filter(|&value| self.has_parameters(value)).collect();
        let Some(&layer) = layers.iter().find(|&&layer| self.values[layer].name == *name) else {
            let names: Vec<String> = layers.iter().map(|&layer| self.values[layer].name.to_string()).collect();
            let help = match (nearest(&name.to_string(), names.iter().cloned()), &names[..]) {
                (_, []) => "apply one first, in a `let` above".to_owned(),
                (Some(name), _) => format!("did you mean `{name}`?"),
                (None, names) => format!("layers with parameters so far: `{}`", names.join("`, `")),
            };
            self.errors.push(name, format!("there is no layer with parameters named `{name}` so far\n= help: {help}"));
            return None;
        };
        let op = ValueOp::Shared { layer, input };
        Some(self.push_counted(SHARED, op, method.to_token_stream(), method))
    }

    /// A call of a layer, if there is one of that name.
    fn call(&mut self, call: &'a ExprMethodCall, input: Operand) -> Option<Call<'a>> {
        let method = &call.method;
        let Some(spec) = LAYERS.iter().find(|spec| method == spec.name) else {
            self.errors.push(method, unknown_layer(&method.to_string()));
            return None;
        };
        let arguments = arguments::parse(spec, call, self.constants, self.errors)?;
        let inside = source(&call.args).trim_end_matches(',').to_owned();
        Some(Call { spec, method, input, arguments, part: None, inside })
    }
}

fn not_a_value(expr: &Expr) -> &'static str {
    match expr {
        Expr::Lit(_) => "a number is not a value of a network: `+`, `-`, `*` and `/` take two values",
        Expr::Unary(unary) if matches!(*unary.expr, Expr::Lit(_)) => not_a_value(&unary.expr),
        Expr::Unary(_) => "there is no operator on one value: `+`, `-`, `*` and `/` take two values",
        _ => "expected a value: an input, a `let` name, a layer such as `x.relu()`, `a + b` or `concat(a, b)`",
    }
}

fn unknown_layer(name: &str) -> String {
    let known = OTHER_NAMES.iter().find(|(other, _)| *other == name).map(|(_, ours)| (*ours).to_owned());
    let names = || LAYERS.iter().map(|spec| spec.name.to_owned());
    let help = match known.or_else(|| nearest(name, names())) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => {
            let names: Vec<String> = names().collect();
            format!("the layers are `{}`; one of your own is used as `net::<Type>()`", names.join("`, `"))
        }
    };
    format!("there is no layer `{name}`\n= help: {help}")
}

/// Two layers with parameters must not share a name; other values step aside.
fn make_names_unique(values: &mut [Value<'_>], bindings: &[Bound], errors: &mut Errors) {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let is_field = |value: &Value<'_>| matches!(&value.op, ValueOp::Layer(call) if call.spec.has_parameters);
    for (index, value) in values.iter().enumerate() {
        let name = value.name.to_string();
        let bound = bindings.iter().any(|bound| bound.name == name);
        if is_field(value) && taken.contains_key(&name) {
            let message =
                format!("two layers with parameters are named `{name}`: this one by its number, another by its `let`");
            errors.push(&value.at, message + "\n= help: give the `let` another name");
        } else if is_field(value) || bound {
            taken.insert(name, index);
        }
    }
    for (index, value) in values.iter_mut().enumerate() {
        let mut name = value.name.to_string();
        while taken.get(&name).is_some_and(|&owner| owner != index) {
            name.push('_');
        }
        if value.name != name && !is_field(value) {
            value.name = Ident::new(&name, value.name.span());
        }
        taken.entry(name).or_insert(index);
    }
}
