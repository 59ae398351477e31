//! Writes the code of a checked graph. Cannot fail, wires calls, and holds no arithmetic.
//!
//! Generated code names everything through `__private`, since it has to compile where there is no prelude, and calls
//! methods of traits by the trait's name. Locals that the user did not name are hygienic: see `tokens!`, and `shield.rs`
//! for what hygiene does not reach.

/// `quote!` whose locals never clash with names of the user.
macro_rules! tokens {
    ($($tokens:tt)*) => { quote::quote_spanned! { proc_macro2::Span::mixed_site() => $($tokens)* } };
}

mod backward;
mod forward;
mod fusion;
mod inputs;
mod layer;
mod methods;
mod network;
mod parameters;
mod shield;
mod strukt;
mod test;

use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Generics, parse_quote};

use self::shield::shielded;
use crate::assertion::{ends, located};
use crate::graph::{Edge, Graph, Layer, Node, Op, Operator, Role};
use crate::syntax::Element;

#[cfg(test)]
mod tests;

/// All items of a declared network.
pub(crate) fn expand(graph: &Graph) -> TokenStream {
    let implementations = [
        methods::methods(graph),
        inputs::implementation(graph),
        network::implementation(graph),
        layer::implementation(graph),
        parameters::implementation(graph),
    ];
    let items = [
        graph.constants.clone(),
        strukt::strukt(graph),
        inputs::strukt(graph),
        shielded(graph, &implementations.into_iter().collect()),
        graph.assertions.clone(),
        test::gradients(graph),
    ];
    items.into_iter().collect()
}

/// The items of a network of which inputs or output are not known.
pub(crate) fn parameters_only(graph: &Graph) -> TokenStream {
    let implementations = [methods::init(graph), parameters::implementation(graph)];
    let items =
        [graph.constants.clone(), strukt::strukt(graph), shielded(graph, &implementations.into_iter().collect())];
    items.into_iter().collect()
}

/// What every part of the generator asks of a graph.
impl Graph {
    /// The path to all that generated code names.
    fn private(&self) -> TokenStream {
        let krate = &self.krate;
        tokens!(#krate::__private)
    }

    fn inputs(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| matches!(node.op, Op::Input(_)))
    }

    /// What value `index` holds: only an input may hold indices.
    fn element(&self, index: usize) -> Element {
        match self.nodes[index].op {
            Op::Input(element) => element,
            _ => Element::Scalar,
        }
    }

    /// The trait of `layer`, for what it takes.
    fn layer_trait(&self, layer: &Layer) -> TokenStream {
        let p = self.private();
        match layer.takes {
            Element::Scalar => tokens!(#p::Layer<T>),
            Element::Index => tokens!(#p::Layer<T, #p::usize>),
        }
    }

    fn layers(&self) -> impl Iterator<Item = (&Node, &Layer)> {
        self.nodes.iter().filter_map(|node| match &node.op {
            Op::Layer(layer) => Some((node, layer)),
            _ => None,
        })
    }

    fn fields(&self) -> Vec<Field<'_>> {
        self.layers().filter_map(Field::new).collect()
    }

    /// The parameters of the network with its scalar type.
    fn generics(&self) -> Generics {
        let p = self.private();
        let mut generics = self.generics.clone();
        generics.params.push(parse_quote!(T: #p::Scalar = #p::f32));
        generics
    }

    /// The name of the struct of the gradients of the inputs.
    fn inputs_name(&self) -> Ident {
        format_ident!("{}Inputs", self.name)
    }

    /// The length of a sample of `node`'s shape, as an expression.
    fn len(&self, node: &Node) -> TokenStream {
        let p = self.private();
        let shape = node.shape.ty(&self.krate);
        tokens!(<#shape as #p::Shape>::LEN)
    }

    /// The value whose scalars `edge` uses, perhaps in another shape.
    fn owner(&self, edge: Edge) -> usize {
        match self.nodes[edge.node].op {
            Op::Reshape { value } => self.owner(value),
            _ => edge.node,
        }
    }

    /// The value that is written to the output's buffer.
    fn last(&self) -> usize {
        self.owner(self.output)
    }

    /// The use of the last value as the output.
    fn last_edge(&self) -> Edge {
        let node = self.last();
        Edge { node, asserted: self.output.asserted || self.output.node != node }
    }

    /// The values that are kept for the backward pass: all that are computed but the last.
    fn kept(&self) -> impl Iterator<Item = (usize, &Node)> {
        let is_computed = |node: &Node| !matches!(node.op, Op::Input(_) | Op::Reshape { .. });
        let is_kept = move |index| index != self.last() && self.activation_of(index).is_none();
        self.nodes.iter().enumerate().filter(move |&(index, node)| is_computed(node) && is_kept(index))
    }

    /// Who reads the gradient of each value.
    fn readers(&self) -> Vec<Reader> {
        let mut readers: Vec<Reader> = Vec::new();
        for node in &self.nodes {
            let own = match &node.op {
                Op::Input(Element::Scalar) => Reader::Inputs,
                Op::Layer(layer) if layer.is_trained() => Reader::Parameters,
                _ => Reader::Nobody,
            };
            let before = node.op.operands().into_iter().map(|edge| readers[edge.node]);
            readers.push(before.fold(own, Reader::max));
        }
        readers
    }

    /// The values of the layers that have the parameters of field `name`.
    fn applications(&self, name: &Ident) -> Vec<usize> {
        let is_one = |node: &Node| match &node.op {
            Op::Layer(Layer { role: Role::Field { .. }, .. }) => node.name == *name,
            Op::Layer(Layer { role: Role::Shared { field, .. }, .. }) => field == name,
            _ => false,
        };
        (0..self.nodes.len()).filter(|&index| is_one(&self.nodes[index])).collect()
    }

    /// Where gradients are collected: of every input, though indices have none, and of every value that is kept.
    fn slots(&self) -> Vec<Slot<'_>> {
        let inputs = self.nodes.iter().enumerate().filter(|(_, node)| matches!(node.op, Op::Input(_)));
        let shared = |index| self.uses(index) > 1 && self.element(index) == Element::Scalar;
        let slot = |(index, node)| Slot { index, node, shared: shared(index) };
        inputs.chain(self.kept()).map(slot).collect()
    }

    /// How often the scalars of value `index` are read, in whatever shape.
    fn uses(&self, index: usize) -> usize {
        let readers = self.nodes.iter().filter(|node| !matches!(node.op, Op::Reshape { .. }));
        readers.flat_map(|node| node.op.operands()).filter(|&edge| self.owner(edge) == index).count()
    }

    /// Whether `index` is the output's value in another shape.
    fn is_alias_of_last(&self, index: usize) -> bool {
        let node = &self.nodes[index];
        matches!(node.op, Op::Reshape { value } if self.owner(value) == self.last())
    }
}

/// Tokens that lie where the user's activation of `node` does, if it is the user's: there rustc says what is wrong with it.
fn at_activation(node: &Node, tokens: TokenStream) -> TokenStream {
    match &node.op {
        Op::Layer(Layer { activation: Some(ty), .. }) => located(tokens, ends(ty).0),
        _ => tokens,
    }
}

/// Who reads the gradient of a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    Nobody,
    /// Those who ask for the gradients of inputs, alone.
    Inputs,
    /// A layer that is trained.
    Parameters,
}

/// A layer with parameters.
struct Field<'a> {
    node: &'a Node,
    name: &'a Ident,
    kind: &'static str,
    ty: &'a TokenStream,
    init: Option<&'a TokenStream>,
    frozen: bool,
}

impl<'a> Field<'a> {
    fn new((node, layer): (&'a Node, &'a Layer)) -> Option<Self> {
        match &layer.role {
            Role::Field { init, frozen, .. } => Some(Self {
                node,
                name: &node.name,
                kind: layer.kind,
                ty: &layer.ty,
                init: init.as_ref(),
                frozen: *frozen,
            }),
            Role::Shared { .. } | Role::Function { .. } => None,
        }
    }
}

/// Where the gradient of one value is collected.
struct Slot<'a> {
    index: usize,
    node: &'a Node,
    /// Whether several uses of the value send one.
    shared: bool,
}

impl Operator {
    fn ty(self, p: &TokenStream) -> TokenStream {
        match self {
            Self::Add => tokens!(#p::Add),
            Self::Sub => tokens!(#p::Sub),
            Self::Mul => tokens!(#p::Mul),
            Self::Div => tokens!(#p::Div),
        }
    }
}

impl Op {
    /// The values it is computed from.
    fn operands(&self) -> Vec<Edge> {
        match self {
            Self::Input(_) => Vec::new(),
            Self::Layer(layer) => vec![layer.input],
            Self::Binary { left, right, .. } => vec![*left, *right],
            Self::Concat { parts, .. } => parts.clone(),
            Self::Reshape { value } => vec![*value],
        }
    }
}

impl Element {
    /// The type of one.
    fn ty(self, p: &TokenStream) -> TokenStream {
        match self {
            Self::Scalar => tokens!(T),
            Self::Index => tokens!(#p::usize),
        }
    }

    /// The variant of `Input` and `InputSamples` that holds them.
    fn variant(self) -> TokenStream {
        match self {
            Self::Scalar => tokens!(Scalars),
            Self::Index => tokens!(Indices),
        }
    }
}

impl Layer {
    /// Whether there are gradients of its parameters.
    fn is_trained(&self) -> bool {
        matches!(self.role, Role::Field { frozen: false, .. } | Role::Shared { frozen: false, .. })
    }
}

impl Edge {
    /// `batch`, in the shape that is needed where rustc may not see that it has it.
    fn reshaped(self, batch: TokenStream) -> TokenStream {
        if self.asserted { tokens!(#batch.reshape()) } else { batch }
    }
}

impl Node {
    /// The local in which its gradient is collected.
    fn slot(&self) -> Ident {
        format_ident!("d_{}", self.name, span = Span::mixed_site())
    }

    /// Its name as text.
    fn text(&self) -> String {
        self.name.unraw().to_string()
    }

    /// The `layer` that computes it: a field, or made on the spot.
    fn holder(&self, layer: &Layer) -> TokenStream {
        let name = &self.name;
        match &layer.role {
            Role::Field { .. } => tokens!(self.#name),
            Role::Shared { field, .. } => tokens!(self.#field),
            Role::Function { value } => value.clone(),
        }
    }
}
