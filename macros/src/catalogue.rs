//! The layers and losses of the language: one row each.

use proc_macro2::TokenStream;
use quote::quote;

use crate::shape::{Dim, Port, Shape};

/// A layer of the language.
pub(crate) struct LayerSpec {
    pub name: &'static str,
    /// How a call is written.
    pub usage: &'static str,
    /// What the sizes in the parentheses are.
    pub sizes: &'static [&'static str],
    /// What may stand in `::<…>`.
    pub turbofish: Turbofish,
    /// Named options with their defaults.
    pub options: &'static [(&'static str, f64)],
    pub takes: Takes,
    /// For an activation: how the weights before it are initialised.
    pub init: Option<&'static str>,
    pub fusion: Fusion,
    pub rule: fn(&Arguments<'_>) -> Typed,
}

impl LayerSpec {
    /// Whether it is a field of the network.
    pub(crate) const fn has_parameters(&self) -> bool {
        !self.sizes.is_empty() || matches!(self.turbofish, Turbofish::Type)
    }
}

/// What may stand between a layer's name and its parentheses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turbofish {
    Nothing,
    /// The sizes of the input, then those that would stand in the parentheses.
    Sizes,
    /// The type of a declared network or an own layer.
    Type,
}

/// What shapes of input a layer takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Any,
    Vector,
    /// What the type in `::<…>` says.
    Own,
}

/// Whether it is computed together with its neighbour.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fusion {
    Never,
    /// It can end with an activation, and does not read its output again.
    Takes,
    /// It is an activation whose gradient follows from its output.
    Enters,
}

/// What a rule knows of a call.
pub(crate) struct Arguments<'a> {
    pub krate: &'a TokenStream,
    pub input: &'a Shape,
    pub sizes: &'a [Dim],
    pub options: &'a [TokenStream],
    pub own: Option<&'a OwnType>,
}

/// The type in `net::<…>`.
pub(crate) struct OwnType {
    /// As written.
    pub text: String,
    /// Over the network's scalar type.
    pub over_scalar: TokenStream,
    /// Over `f32`, where a constant is asked for: shapes do not depend on the scalar type.
    pub over_f32: TokenStream,
    /// Whether it mentions a const parameter of the network.
    pub generic: bool,
}

/// A layer whose types are known.
pub(crate) struct Typed {
    pub ty: TokenStream,
    pub output: Shape,
    /// For a layer without parameters, how it is made.
    pub value: Option<TokenStream>,
    /// The number of its scalar parameters, for documentation.
    pub count: String,
}

pub(crate) const LAYERS: &[LayerSpec] = &[
    LayerSpec {
        sizes: &["the number of outputs"],
        turbofish: Turbofish::Sizes,
        takes: Takes::Vector,
        fusion: Fusion::Takes,
        ..layer("affine", "affine(outputs)", affine)
    },
    LayerSpec { turbofish: Turbofish::Type, takes: Takes::Own, ..layer("net", "net::<Type>()", net) },
    layer("flatten", "flatten()", flatten),
    LayerSpec { fusion: Fusion::Enters, ..activation("relu", "relu()", "He", |call| elementwise(call, &quote!(Relu))) },
    LayerSpec {
        options: &[("slope", 0.01)],
        ..activation("leaky_relu", "leaky_relu(slope = 0.01)", "He", |call| elementwise(call, &quote!(LeakyRelu)))
    },
    activation("gelu", "gelu()", "He", |call| elementwise(call, &quote!(Gelu))),
    activation("silu", "silu()", "He", |call| elementwise(call, &quote!(Silu))),
    activation("softplus", "softplus()", "He", |call| elementwise(call, &quote!(Softplus))),
    LayerSpec {
        fusion: Fusion::Enters,
        ..activation("sigmoid", "sigmoid()", "Xavier", |call| elementwise(call, &quote!(Sigmoid)))
    },
    LayerSpec {
        fusion: Fusion::Enters,
        ..activation("tanh", "tanh()", "Xavier", |call| elementwise(call, &quote!(Tanh)))
    },
    LayerSpec {
        options: &[("alpha", 1.0)],
        ..activation("elu", "elu(alpha = 1.0)", "He", |call| elementwise(call, &quote!(Elu)))
    },
    activation("hard_sigmoid", "hard_sigmoid()", "Xavier", |call| elementwise(call, &quote!(HardSigmoid))),
    layer("abs", "abs()", |call| elementwise(call, &quote!(Abs))),
    layer("square", "square()", |call| elementwise(call, &quote!(Square))),
    layer("sqrt", "sqrt()", |call| elementwise(call, &quote!(Sqrt))),
    layer("exp", "exp()", |call| elementwise(call, &quote!(Exp))),
    layer("ln", "ln()", |call| elementwise(call, &quote!(Ln))),
    layer("sin", "sin()", |call| elementwise(call, &quote!(Sin))),
    layer("cos", "cos()", |call| elementwise(call, &quote!(Cos))),
    LayerSpec {
        takes: Takes::Vector,
        ..activation("softmax", "softmax()", "Xavier", |call| elementwise(call, &quote!(Softmax)))
    },
];

/// Names that other libraries use, for suggestions.
pub(crate) const OTHER_NAMES: &[(&str, &str)] = &[
    ("linear", "affine"),
    ("dense", "affine"),
    ("fully_connected", "affine"),
    ("swish", "silu"),
    ("log", "ln"),
    ("layer", "net"),
];

const fn layer(name: &'static str, usage: &'static str, rule: fn(&Arguments<'_>) -> Typed) -> LayerSpec {
    LayerSpec {
        name,
        usage,
        sizes: &[],
        turbofish: Turbofish::Nothing,
        options: &[],
        takes: Takes::Any,
        init: None,
        fusion: Fusion::Never,
        rule,
    }
}

const fn activation(
    name: &'static str,
    usage: &'static str,
    init: &'static str,
    rule: fn(&Arguments<'_>) -> Typed,
) -> LayerSpec {
    LayerSpec { init: Some(init), ..layer(name, usage, rule) }
}

fn affine(call: &Arguments<'_>) -> Typed {
    let krate = call.krate;
    let inputs = call.input.len(krate);
    let outputs = call.sizes[0].argument();
    Typed {
        ty: quote!(#krate::__private::Affine<T, #inputs, #outputs>),
        output: Shape::Dims(vec![call.sizes[0].clone()]),
        value: None,
        count: affine_count(call.input, &call.sizes[0]),
    }
}

/// Weights and biases: a number, or how it is computed.
fn affine_count(input: &Shape, outputs: &Dim) -> String {
    if let (Some(inputs), Some(outputs)) = (input.literal_len(), outputs.literal()) {
        return inputs.saturating_mul(outputs).saturating_add(outputs).to_string();
    }
    let inputs = input.to_string();
    format!("({} + 1) * ({outputs})", inputs.trim_matches(['[', ']']))
}

fn net(call: &Arguments<'_>) -> Typed {
    let krate = call.krate;
    let own = call.own.expect("`net` has a type");
    Typed {
        ty: own.over_scalar.clone(),
        output: own.port(krate, "Output"),
        value: None,
        count: format!("{}::COUNT", own.text),
    }
}

impl OwnType {
    /// The shape of its `Input` or `Output`.
    pub(crate) fn port(&self, krate: &TokenStream, port: &str) -> Shape {
        let Self { text, over_f32, generic, .. } = self;
        let port = quote::format_ident!("{port}");
        Shape::Of(Port {
            ty: quote!(<#over_f32 as #krate::__private::Layer<#krate::__private::f32>>::#port),
            text: format!("{text}::{port}"),
            generic: *generic,
        })
    }
}

fn flatten(call: &Arguments<'_>) -> Typed {
    let len = match call.input.literal_len() {
        Some(len) => Dim::Literal(len),
        None => Dim::of_len(call.input, call.krate),
    };
    // Codegen knows it as a reshape: it has no type.
    Typed {
        ty: TokenStream::new(),
        output: Shape::Dims(vec![len]),
        value: Some(TokenStream::new()),
        count: String::new(),
    }
}

/// A function of each scalar, or one that keeps the shape.
fn elementwise(call: &Arguments<'_>, name: &TokenStream) -> Typed {
    let krate = call.krate;
    let shape = call.input.ty(krate);
    let options = call.options;
    Typed {
        ty: quote!(#krate::__private::#name<#shape>),
        output: call.input.clone(),
        value: Some(quote!(#krate::__private::#name::<#shape>::new(#(#options),*))),
        count: String::new(),
    }
}

/// A loss of the language.
pub(crate) struct LossSpec {
    pub name: &'static str,
    pub ty: &'static str,
    pub options: &'static [(&'static str, f64)],
    /// Whether an accuracy exists.
    pub classifier: bool,
    /// The layer that it holds already, so that none may precede it.
    pub includes: Option<&'static str>,
    /// Whether it needs a vector of two scores or more.
    pub classes: bool,
}

pub(crate) const LOSSES: &[LossSpec] = &[
    LossSpec {
        name: "softmax_cross_entropy",
        ty: "SoftmaxCrossEntropy",
        options: &[],
        classifier: true,
        includes: Some("softmax"),
        classes: true,
    },
    LossSpec {
        name: "binary_cross_entropy_with_logits",
        ty: "BinaryCrossEntropyWithLogits",
        options: &[],
        classifier: true,
        includes: Some("sigmoid"),
        classes: false,
    },
    LossSpec {
        name: "mean_squared_error",
        ty: "MeanSquaredError",
        options: &[],
        classifier: false,
        includes: None,
        classes: false,
    },
    LossSpec {
        name: "mean_absolute_error",
        ty: "MeanAbsoluteError",
        options: &[],
        classifier: false,
        includes: None,
        classes: false,
    },
    LossSpec {
        name: "huber",
        ty: "Huber",
        options: &[("delta", 1.0)],
        classifier: false,
        includes: None,
        classes: false,
    },
];
