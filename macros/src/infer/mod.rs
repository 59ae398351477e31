//! Shapes inferred: from the inputs through every value to the output, each mismatch in words.

mod attention;
mod border;
mod layer;
mod log_softmax;
mod operator;

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

pub(crate) use self::operator::no_axis;
use crate::assertion;
use crate::catalogue::Takes;
use crate::constants::Constants;
use crate::graph::{Edge, Node, Op};
use crate::message::Message;
use crate::report::Errors;
use crate::resolve::{Body, Call, Operand, Value, ValueOp};
use crate::shape::{Comparison, Shape, source};
use crate::sizes::Evaluator;
use crate::syntax::{Declaration, Element, Sizes};

/// A network whose shapes are known; a value with a mistake, and what is computed from it, has none.
pub(crate) struct Inferred {
    pub nodes: Vec<Option<Node>>,
    pub output: Option<Edge>,
    pub output_shape: Option<Shape>,
    pub assertions: TokenStream,
}

/// Infers the shape of every value and compares it with what is declared.
pub(crate) fn infer(
    declaration: &Declaration,
    body: &Body<'_>,
    random: bool,
    constants: &Constants,
    errors: &mut Errors,
) -> Inferred {
    let parameters: Vec<Ident> = declaration.generics.const_params().map(|parameter| parameter.ident.clone()).collect();
    let mut inference = Inference {
        declaration,
        values: &body.values,
        output: body.output.as_ref().map(|output| output.value),
        random,
        sizes: Evaluator { parameters: &parameters, constants },
        nodes: Vec::new(),
        node_of: Vec::new(),
        respelled: HashSet::new(),
        assertions: TokenStream::new(),
        errors,
    };
    for (index, value) in body.values.iter().enumerate() {
        let node = inference.node(index, value);
        inference.node_of.push(inference.nodes.len());
        inference.nodes.push(node);
        for (name, sizes) in &value.ascriptions {
            inference.ascription(index, name, sizes);
        }
    }
    let output_shape = declaration.output.as_ref().and_then(|written| inference.declared(written));
    let output = body.output.as_ref().zip(output_shape.as_ref());
    let output = output.and_then(|(output, shape)| inference.output(output, shape));
    let Inference { nodes, assertions, .. } = inference;
    Inferred { nodes, output, output_shape, assertions }
}

struct Inference<'a, 'e> {
    declaration: &'a Declaration,
    values: &'a [Value<'a>],
    /// The value that is the output.
    output: Option<usize>,
    /// Whether a training step is given random numbers.
    random: bool,
    sizes: Evaluator<'a>,
    /// Those of the values, and before an operator what makes its operands alike.
    nodes: Vec<Option<Node>>,
    /// Which node is that of a value.
    node_of: Vec<usize>,
    /// Values whose shape rustc spells in another way than we do, because a `let` said it.
    respelled: HashSet<usize>,
    assertions: TokenStream,
    errors: &'e mut Errors,
}

/// What convolutions without padding took of a value.
struct Border {
    /// The last of them, as it is written, and as it would keep the size.
    call: String,
    padded: String,
    /// How much smaller all of them made it, along each axis but that of channels.
    lost: Vec<usize>,
}

impl Inference<'_, '_> {
    fn krate(&self) -> &TokenStream {
        &self.declaration.krate
    }

    fn shape(&self, operand: &Operand) -> Option<Shape> {
        self.found(operand.value).map(|node| node.shape.clone())
    }

    /// The node of a value, if nothing is wrong with it.
    fn found(&self, value: usize) -> Option<&Node> {
        self.nodes[self.node_of[value]].as_ref()
    }

    fn edge(&self, operand: &Operand, asserted: bool) -> Edge {
        Edge { node: self.node_of[operand.value], asserted: asserted || self.respelled.contains(&operand.value) }
    }

    fn node(&mut self, index: usize, value: &Value<'_>) -> Option<Node> {
        let (op, shape) = match &value.op {
            ValueOp::Input(element, sizes) => (Op::Input(*element), self.input(*element, sizes)?),
            ValueOp::Layer(call) => return self.layer_or_log_softmax(index, call),
            ValueOp::Shared { layer, input } => return self.shared(index, *layer, input),
            ValueOp::Binary { operator, left, right } => self.binary(*operator, left, right, &value.at)?,
            ValueOp::Concat { parts, axis } => self.concat(parts, axis, &value.at)?,
            ValueOp::Attention { parts, is_causal } => self.attention(parts, *is_causal, &value.at)?,
            ValueOp::Unknown => return None,
        };
        Some(Node { name: value.name.clone(), op, shape, remark: None })
    }

    /// The shape of an input; indices stand in a row.
    fn input(&mut self, element: Element, sizes: &Sizes) -> Option<Shape> {
        let shape = self.declared(sizes)?;
        if element == Element::Index && sizes.sizes.len() > 1 {
            let message = "indices have one dimension: write for example `[usize; 64]`";
            self.errors.push(&sizes.tokens, message);
            return None;
        }
        Some(shape)
    }

    /// Whether an operand holds indices.
    fn element(&self, operand: &Operand) -> Element {
        match self.values[operand.value].op {
            ValueOp::Input(element, _) => element,
            _ => Element::Scalar,
        }
    }

    /// `what` takes scalars; indices are for layers such as `embedding`.
    fn scalars(&mut self, what: &str, operands: &[&Operand], at: impl ToTokens) -> Option<()> {
        let Some(indices) = operands.iter().find(|operand| self.element(operand) == Element::Index) else {
            return Some(());
        };
        let label = &indices.label;
        let message = format!(
            "{what} takes scalars, but `{label}` holds indices\n\
             = help: make a vector of each index first: `{label}.embedding(indices, size)`"
        );
        self.errors.push(at, message);
        None
    }

    /// A shape as declared, for an input, a `let` or the output.
    fn declared(&mut self, written: &Sizes) -> Option<Shape> {
        self.sizes.shape(written, self.errors)
    }

    fn ascription(&mut self, index: usize, name: &Ident, sizes: &Sizes) {
        let Some(declared) = self.declared(sizes) else { return };
        let Some(found) = self.found(index).map(|node| node.shape.clone()) else { return };
        let message = Message::new(format_args!("`{name}` is declared as "))
            .shape(&declared)
            .text(", but its value has shape ")
            .shape(&found)
            .note(self.origin(index, name));
        let message = self.remarks(index).into_iter().fold(message, Message::note).help(
            Message::new(format_args!("write `let {name}: ")).shape(&found).text("`, or change the layers before it"),
        );
        let fits = self.require(&found, &declared, &message, &sizes.tokens);
        match (&mut self.nodes[self.node_of[index]], fits) {
            // What the `let` says is more than what we know.
            (Some(node), Some(_)) if matches!(found, Shape::Of(_)) => {
                node.shape = declared;
                self.respelled.insert(index);
            }
            (_, Some(_)) => {}
            (node, None) => *node = None,
        }
    }

    fn output(&mut self, output: &Operand, declared: &Shape) -> Option<Edge> {
        let found = self.shape(output)?;
        let tokens = self.declaration.output.as_ref()?.tokens.clone();
        self.scalars("the output", &[output], &tokens)?;
        let name = &self.declaration.name;
        let message = Message::new(format_args!("`{name}` declares the output "))
            .shape(declared)
            .text(", but its body computes ")
            .shape(&found);
        let mut help = Message::new("declare `-> ").shape(&found).text("`, or change the layers of the body");
        if let (Shape::Dims(declared), Shape::Dims(found)) = (declared, &found)
            && let ([size], [_]) = (&declared[..], &found[..])
        {
            help = help.text(format_args!(", for example to end with `.affine({size})`"));
        } else if let (Shape::Dims(declared), Shape::Dims(found)) = (declared, &found)
            && let ([size], [_, _, ..]) = (&declared[..], &found[..])
        {
            help = help.text(format_args!(", for example to end with `.flatten().affine({size})`"));
        }
        let message = self.with_chain(message, output).help(help);
        let asserted = self.require(&found, declared, &message, &tokens)?;
        Some(self.edge(output, asserted))
    }

    /// Whether `found` fits where `expected` is needed: nothing where it does not, otherwise whether rustc was asked.
    fn require(&mut self, found: &Shape, expected: &Shape, message: &Message, at: &TokenStream) -> Option<bool> {
        match found.compare(expected) {
            Comparison::Equal => Some(false),
            Comparison::Different => {
                let generic = found.is_generic() || expected.is_generic();
                let note = Message::new("a const parameter may be any size, so it fits only itself");
                self.errors.push(at, if generic { message.clone().note(note) } else { message.clone() });
                None
            }
            Comparison::AskConst => {
                let krate = self.krate();
                let same = assertion::same(krate, found, expected);
                self.assertions.extend(assertion::constant(krate, &same, message, at));
                Some(true)
            }
            Comparison::AskType => {
                let generics = &self.declaration.generics;
                self.assertions.extend(assertion::typed(self.krate(), generics, found, expected, at));
                Some(true)
            }
        }
    }

    /// Adds how the value of an operand came about.
    fn with_chain(&self, message: Message, operand: &Operand) -> Message {
        match self.values[operand.value].op {
            ValueOp::Input(..) => message,
            _ => self.remarks(operand.value).into_iter().fold(message.note(self.chain(operand.value)), Message::note),
        }
    }

    /// What a reader may not expect of the shapes up to a value.
    fn remarks(&self, value: usize) -> Vec<Message> {
        let mut remarks = match &self.values[value].op {
            ValueOp::Layer(Call { input, .. }) | ValueOp::Shared { input, .. } => self.remarks(input.value),
            _ => Vec::new(),
        };
        remarks.extend(self.found(value).and_then(|node| node.remark.as_ref()).map(Message::new));
        remarks.extend(self.taken_for_a_vector(value));
        remarks
    }

    /// Where only rustc knows the shape of its input, a layer of vectors takes it for one; a sequence has to be declared.
    fn taken_for_a_vector(&self, value: usize) -> Option<Message> {
        let ValueOp::Layer(Call { spec, input, .. }) = &self.values[value].op else { return None };
        let unknown = spec.takes == Takes::Vector && matches!(self.shape(input)?, Shape::Of(_));
        let (name, label) = (&self.values[value].name, &input.label);
        unknown.then(|| {
            Message::new(format_args!(
                "`{name}` takes `{label}` for a vector; if it is a sequence, say so in a `let`: `let {label}: [16, 32] = …`"
            ))
        })
    }

    /// Adds where two operands come from, of which an input needs no explanation, and `help`, unless one of them is too
    /// small for want of padding.
    fn with_origins(&mut self, mut message: Message, [left, right]: [&Operand; 2], mut help: Message) -> Message {
        for (operand, other) in [(left, right), (right, left)] {
            if matches!(self.values[operand.value].op, ValueOp::Input(..)) {
                continue;
            }
            let mut origin = self.origin(operand.value, &operand.label);
            if let Some(Border { call, padded, .. }) = self.lost_border(operand, other) {
                origin = origin.text(format_args!("; `{call}` has no padding"));
                help = Message::new(format_args!("keep the size with `{padded}`"));
            }
            message = message.note(origin);
        }
        message.help(help)
    }

    fn origin(&self, value: usize, label: impl std::fmt::Display) -> Message {
        Message::new(format_args!("`{label}` is ")).join(self.chain(value))
    }

    /// `x [784] -> affine1 [50] -> relu1 [50]`
    fn chain(&self, value: usize) -> Message {
        let link = match &self.values[value].op {
            ValueOp::Layer(Call { input, .. }) | ValueOp::Shared { input, .. } => self.chain(input.value).text(" -> "),
            _ => Message::default(),
        };
        let name = match &self.values[value].op {
            ValueOp::Binary { .. } | ValueOp::Concat { .. } | ValueOp::Attention { .. } => {
                format!("`{}` ", source(&self.values[value].at))
            }
            _ => format!("{} ", self.values[value].name),
        };
        match self.found(value) {
            Some(node) => link.text(name).shape(&node.shape),
            None => link.text(name),
        }
    }
}
