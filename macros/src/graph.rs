//! The model: a declared network as a graph of values. Types only; other files resolve, infer, check and generate.

use proc_macro2::{Ident, TokenStream};

use crate::arguments::Weights;
use crate::shape::{Dim, Shape};
use crate::syntax::Element;

/// A declared network.
pub(crate) struct Graph {
    /// The user's path to this library, such as `$crate`.
    pub krate: TokenStream,
    /// What stands on the struct: doc comments and attributes that are not ours.
    pub attrs: Vec<syn::Attribute>,
    pub vis: syn::Visibility,
    pub name: Ident,
    /// Const parameters only.
    pub generics: syn::Generics,
    pub loss: Option<Loss>,
    /// Whether a training step draws random numbers.
    pub random: bool,
    /// Whether a gradient test is generated.
    pub test: bool,
    /// In topological order, inputs first.
    pub nodes: Vec<Node>,
    /// The value that is the output.
    pub output: Edge,
    /// The declared shape of the output.
    pub output_shape: Shape,
    /// What the user wrote that only rustc can evaluate: items that stand beside the struct, to which the others refer.
    pub constants: TokenStream,
    /// What rustc has to compare because the macro cannot: items that stand beside the struct.
    pub assertions: TokenStream,
}

/// One value of a network and how it is computed.
pub(crate) struct Node {
    /// Unique; the name of the field too, where the value is that of a layer with parameters.
    pub name: Ident,
    pub op: Op,
    pub shape: Shape,
    /// What a reader may not expect of its shape.
    pub remark: Option<String>,
}

/// The use of a value.
#[derive(Clone, Copy)]
pub(crate) struct Edge {
    /// The index of the node.
    pub node: usize,
    /// Whether an assertion compared the shapes, whose types rustc may then spell differently.
    pub asserted: bool,
}

/// How a value is computed.
pub(crate) enum Op {
    Input(Element),
    Layer(Layer),
    Binary {
        operator: Operator,
        left: Edge,
        right: Edge,
    },
    Concat {
        parts: Vec<Edge>,
        /// How many pieces of each part there are in a sample: the scalars before the axis.
        pieces: Dim,
    },
    /// The same scalars in another shape.
    Reshape {
        value: Edge,
    },
}

/// A layer of one input.
pub(crate) struct Layer {
    /// Its name in the language, such as `affine`.
    pub kind: &'static str,
    pub input: Edge,
    /// What the input holds.
    pub takes: Element,
    /// Its type, such as `Affine<T, 784, 50>`.
    pub ty: TokenStream,
    pub role: Role,
    /// The type of the activation, where it is a function of each scalar, which the layer before it may compute too.
    pub activation: Option<TokenStream>,
}

/// What holds a layer.
pub(crate) enum Role {
    /// A field, for a layer with parameters.
    Field {
        /// Such as `Init::He`, where the layer does not know by itself how its weights are drawn.
        init: Option<TokenStream>,
        /// The number of its scalar parameters, for its documentation: `39250`, or `D * D + D`.
        count: String,
        /// Whether its parameters stay as they are.
        frozen: bool,
    },
    /// The field of a layer that was applied before.
    Shared { field: Ident, frozen: bool },
    /// Nothing, for a layer without: it is made where it is used, such as `Relu::<Rank1<50>>::new()`.
    Function { value: TokenStream },
}

/// An operator on two values of the same shape.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Sub,
    Mul,
    Div,
}

/// Whether an accuracy exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accuracy {
    Yes,
    No,
    /// If the user's loss has one.
    Asked,
}

/// The declared loss.
pub(crate) struct Loss {
    /// Such as `SoftmaxCrossEntropy`.
    pub ty: TokenStream,
    /// Such as `Huber::new(1.0)`.
    pub value: TokenStream,
    pub accuracy: Accuracy,
    /// Whether it compares classes, in a sequence those of each position.
    pub classes: bool,
    /// A number for each class.
    pub weights: Weights,
}
