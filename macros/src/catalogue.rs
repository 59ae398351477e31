//! The layers and losses of the language: one row each.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::rules::{self, Call, Typed};

/// A layer of the language.
pub(crate) struct LayerSpec {
    pub name: &'static str,
    /// How its values are named: `conv1`.
    pub value: &'static str,
    /// How a call is written.
    pub usage: &'static str,
    /// What stands in the parentheses without a name.
    pub sizes: &'static [SizeSpec],
    /// What may stand in `::<…>`.
    pub turbofish: Turbofish,
    /// What stands in the parentheses with a name.
    pub options: &'static [OptionSpec],
    pub takes: Takes,
    /// Whether it is a field of the network.
    pub has_parameters: bool,
    /// Whether a training step draws random numbers for it.
    pub random: bool,
    /// Whether its weights are drawn as suits the activation that reads what it computes.
    pub suits_activation: bool,
    /// For an activation: the variant of `Init` that suits the weights before it.
    pub init: Option<&'static str>,
    /// The type of this crate that it is, where its rule does not say.
    pub ty: &'static str,
    pub rule: fn(&mut Call<'_>) -> Typed,
}

/// A size in the parentheses.
pub(crate) struct SizeSpec {
    /// What it is the size of.
    pub what: &'static str,
    pub kind: SizeKind,
    pub least: usize,
}

/// How many numbers a size is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum SizeKind {
    One,
    /// One for rows and columns alike, or one for each.
    Pair,
    /// The sizes of a shape.
    Shape,
    /// Any number of them.
    List,
    /// None: an activation of the user's own.
    Formula,
}

/// An option of a layer or loss.
pub(crate) struct OptionSpec {
    pub name: &'static str,
    pub kind: OptionKind,
}

/// What an option takes.
#[derive(Clone, Copy)]
pub(crate) enum OptionKind {
    /// A number in a range, if not given this one.
    Number(f64, Range),
    /// `true` or `false`; if not given, this.
    Flag(bool),
    /// A number for each class; if not given, none.
    Weights,
    /// Sizes, each this or greater.
    Sizes { kind: SizeKind, least: usize, default: Default },
    /// How weights are drawn; if not given, as suits the layer.
    Init,
}

/// The numbers that an option takes.
#[derive(Clone, Copy)]
pub(crate) enum Range {
    Finite,
    Positive,
    PositiveFinite,
    /// From 0 to 1.
    Share,
    /// From 0 to less than 1.
    ShareButAll,
}

impl Range {
    pub(crate) fn holds(self, value: f64) -> bool {
        match self {
            Self::Finite => value.is_finite(),
            Self::Positive => value > 0.0,
            Self::PositiveFinite => value > 0.0 && value.is_finite(),
            Self::Share => (0.0..=1.0).contains(&value),
            Self::ShareButAll => (0.0..1.0).contains(&value),
        }
    }

    /// The same of a number that only rustc can evaluate.
    pub(crate) fn condition(self, value: &Ident) -> TokenStream {
        match self {
            Self::Finite => quote!(#value.is_finite()),
            Self::Positive => quote!(#value > 0.0),
            Self::PositiveFinite => quote!(#value > 0.0 && #value.is_finite()),
            Self::Share => quote!(#value >= 0.0 && #value <= 1.0),
            Self::ShareButAll => quote!(#value >= 0.0 && #value < 1.0),
        }
    }

    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::Positive => "more than 0",
            Self::PositiveFinite => "more than 0, and finite",
            Self::Share => "between 0 and 1",
            Self::ShareButAll => "a share: 0 or more and less than 1",
        }
    }
}

/// What sizes are that are not given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Default {
    /// There have to be some.
    Needed,
    Size(usize),
    /// As the layer's sizes.
    AsSizes,
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
    /// One whose number of scalars can be computed.
    Known,
    /// A vector, or a sequence of vectors, each of which it takes by itself.
    Vector,
    /// One whose first dimension is known.
    Channels,
    /// Channels and scalars.
    Signal,
    /// Positions of vectors.
    Sequence,
    /// Channels, rows and columns.
    Image,
    /// Indices of an input.
    Indices,
    /// What the type in `::<…>` says.
    Own,
}

pub(crate) const LAYERS: &[LayerSpec] = &[
    LayerSpec {
        sizes: &[one("the number of outputs")],
        turbofish: Turbofish::Sizes,
        options: &[BIAS, INIT],
        takes: Takes::Vector,
        has_parameters: true,
        suits_activation: true,
        ..layer("affine", "affine(outputs)", rules::affine)
    },
    LayerSpec {
        turbofish: Turbofish::Type,
        takes: Takes::Own,
        has_parameters: true,
        ..layer(OWN, "net::<Type>()", rules::net)
    },
    LayerSpec {
        sizes: &[SizeSpec { kind: SizeKind::Formula, ..one("an activation") }],
        ..layer("map", "map(Swish { slope: 1.5 })", rules::map)
    },
    LayerSpec {
        sizes: &[one("the number of indices"), one("the size of their vectors")],
        options: &[INIT],
        takes: Takes::Indices,
        has_parameters: true,
        ..layer("embedding", "embedding(indices, size)", rules::embedding)
    },
    LayerSpec {
        value: "conv",
        sizes: &[one("the number of channels")],
        options: CONV_2D,
        takes: Takes::Image,
        has_parameters: true,
        suits_activation: true,
        ..layer("conv2d", "conv2d(channels, kernel = 3)", rules::conv)
    },
    LayerSpec {
        value: "conv",
        sizes: &[one("the number of channels")],
        options: CONV_1D,
        takes: Takes::Signal,
        has_parameters: true,
        suits_activation: true,
        ..layer("conv1d", "conv1d(channels, kernel = 3)", rules::conv)
    },
    LayerSpec {
        value: "conv",
        sizes: &[one("the number of channels")],
        options: CONV_2D,
        takes: Takes::Image,
        has_parameters: true,
        suits_activation: true,
        ..layer("conv_transpose2d", "conv_transpose2d(channels, kernel = 2, stride = 2)", rules::conv_transpose)
    },
    LayerSpec {
        value: "max_pool",
        sizes: &[pair("the window")],
        options: POOL_2D,
        takes: Takes::Image,
        ..layer("max_pool2d", "max_pool2d(2)", rules::max_pool)
    },
    LayerSpec {
        value: "max_pool",
        sizes: &[one("the window")],
        options: POOL_1D,
        takes: Takes::Signal,
        ..layer("max_pool1d", "max_pool1d(2)", rules::max_pool)
    },
    LayerSpec {
        value: "avg_pool",
        sizes: &[pair("the window")],
        options: POOL_2D,
        takes: Takes::Image,
        ..layer("avg_pool2d", "avg_pool2d(2)", rules::avg_pool)
    },
    LayerSpec { takes: Takes::Image, ..layer("global_avg_pool", "global_avg_pool()", rules::global_avg_pool) },
    LayerSpec {
        value: "upsample",
        sizes: &[pair("the factor")],
        takes: Takes::Image,
        ..layer("upsample2d", "upsample2d(2)", rules::upsample)
    },
    LayerSpec {
        value: "zero_pad",
        sizes: &[SizeSpec { least: 0, ..pair("the padding") }],
        takes: Takes::Image,
        ..layer("zero_pad2d", "zero_pad2d(1)", rules::zero_pad)
    },
    LayerSpec {
        options: &[number("momentum", USUAL_MOMENTUM, Range::Share), EPSILON],
        takes: Takes::Channels,
        has_parameters: true,
        ..layer(BATCH_NORM, "batch_norm(momentum = 0.1, epsilon = 1e-5)", rules::batch_norm)
    },
    LayerSpec {
        options: &[EPSILON],
        takes: Takes::Vector,
        has_parameters: true,
        ..layer("layer_norm", "layer_norm()", |call| rules::row_norm(call, "LayerNorm", 2))
    },
    LayerSpec {
        options: &[EPSILON],
        takes: Takes::Vector,
        has_parameters: true,
        ..layer("rms_norm", "rms_norm()", |call| rules::row_norm(call, "RmsNorm", 1))
    },
    LayerSpec {
        value: "attention",
        sizes: &[one("the number of heads")],
        options: &[CAUSAL, INIT],
        takes: Takes::Sequence,
        has_parameters: true,
        ..layer("multi_head_attention", "multi_head_attention(heads)", rules::multi_head_attention)
    },
    LayerSpec {
        sizes: &[one("the size of the state")],
        options: &[INIT],
        takes: Takes::Sequence,
        has_parameters: true,
        ..layer("rnn", "rnn(size)", |call| rules::recurrent(call, "Rnn", 1))
    },
    LayerSpec {
        sizes: &[one("the size of the state")],
        options: &[INIT],
        takes: Takes::Sequence,
        has_parameters: true,
        ..layer("lstm", "lstm(size)", |call| rules::recurrent(call, "Lstm", 4))
    },
    LayerSpec {
        sizes: &[one("the size of the state")],
        options: &[INIT],
        takes: Takes::Sequence,
        has_parameters: true,
        ..layer("gru", "gru(size)", |call| rules::recurrent(call, "Gru", 3))
    },
    LayerSpec {
        value: "positions",
        takes: Takes::Sequence,
        ..layer("sinusoidal_positions", "sinusoidal_positions()", rules::sinusoidal_positions)
    },
    LayerSpec {
        value: "positions",
        options: &[INIT],
        takes: Takes::Sequence,
        has_parameters: true,
        ..layer("learned_positions", "learned_positions()", rules::learned_positions)
    },
    LayerSpec { takes: Takes::Sequence, ..layer("last", "last()", rules::last) },
    LayerSpec {
        options: &[number("rate", 0.5, Range::ShareButAll)],
        random: true,
        ty: "Dropout",
        ..layer("dropout", "dropout(rate = 0.5)", rules::elementwise)
    },
    LayerSpec { takes: Takes::Known, ..layer("flatten", "flatten()", rules::flatten) },
    LayerSpec {
        sizes: &[SizeSpec { kind: SizeKind::Shape, ..one("the new shape") }],
        takes: Takes::Known,
        ..layer("reshape", "reshape([1, 28, 28])", rules::reshape)
    },
    LayerSpec {
        sizes: &[SizeSpec { kind: SizeKind::List, ..one("the sizes of the parts") }],
        options: &[AXIS],
        ..layer(SPLIT, "let (a, b) = x.split([3, 5])", rules::split)
    },
    activation("relu", "relu()", "Relu", "He"),
    LayerSpec {
        options: &[number("slope", 0.01, Range::Finite)],
        ..activation("leaky_relu", "leaky_relu(slope = 0.01)", "LeakyRelu", "He")
    },
    activation("gelu", "gelu()", "Gelu", "He"),
    activation("silu", "silu()", "Silu", "He"),
    activation("softplus", "softplus()", "Softplus", "He"),
    activation("sigmoid", "sigmoid()", "Sigmoid", "Xavier"),
    activation("tanh", "tanh()", "Tanh", "Xavier"),
    LayerSpec { options: &[number("alpha", 1.0, Range::Finite)], ..activation("elu", "elu(alpha = 1.0)", "Elu", "He") },
    LayerSpec { has_parameters: true, init: Some("He"), ..layer("prelu", "prelu()", rules::prelu) },
    activation("hard_sigmoid", "hard_sigmoid()", "HardSigmoid", "Xavier"),
    function("abs", "abs()", "Abs"),
    function("square", "square()", "Square"),
    function("sqrt", "sqrt()", "Sqrt"),
    function("exp", "exp()", "Exp"),
    function(LN, "ln()", "Ln"),
    function("sin", "sin()", "Sin"),
    function("cos", "cos()", "Cos"),
    LayerSpec {
        takes: Takes::Vector,
        init: Some("Xavier"),
        ty: "Softmax",
        ..layer(SOFTMAX, "softmax()", rules::elementwise)
    },
    LOG_SOFTMAX,
];

/// The layer whose type is the user's.
pub(crate) const OWN: &str = "net";

/// The layer that looks at the whole batch.
pub(crate) const BATCH_NORM: &str = "batch_norm";

/// The layer whose logarithm, by [`LN`], is [`LOG_SOFTMAX`].
pub(crate) const SOFTMAX: &str = "softmax";

/// The logarithm.
pub(crate) const LN: &str = "ln";

/// What a logarithm of a softmax is computed as: the softmax of a score far below the others is rounded to 0.
pub(crate) const LOG_SOFTMAX: LayerSpec = LayerSpec {
    takes: Takes::Vector,
    init: Some("Xavier"),
    ty: "LogSoftmax",
    ..layer("log_softmax", "log_softmax()", rules::elementwise)
};

/// The layer that makes several values, named by one `let`.
pub(crate) const SPLIT: &str = "split";

/// The function of queries, keys and values.
pub(crate) const ATTENTION: &str = "attention";

/// Whether a position sees only itself and those before it.
pub(crate) const CAUSAL: OptionSpec = OptionSpec { name: "causal", kind: OptionKind::Flag(false) };

/// Whether something is added to each output or channel.
const BIAS: OptionSpec = OptionSpec { name: "bias", kind: OptionKind::Flag(true) };

/// How weights are drawn; a rule does not see it, so it is the last option.
const INIT: OptionSpec = OptionSpec { name: "init", kind: OptionKind::Init };

/// What is added to a variance or mean square, unless it is said.
pub(crate) const USUAL_EPSILON: f64 = 1e-5;

/// How far running statistics move, unless it is said.
pub(crate) const USUAL_MOMENTUM: f64 = 0.1;

const EPSILON: OptionSpec = number("epsilon", USUAL_EPSILON, Range::PositiveFinite);

/// The method that applies a layer once more.
pub(crate) const SHARED: &str = "shared";

/// The dimension along which values are split or joined.
pub(crate) const AXIS: OptionSpec = sizes("axis", SizeKind::One, 0, Default::Size(0));

const CONV_2D: &[OptionSpec] = &of_conv(SizeKind::Pair);
const CONV_1D: &[OptionSpec] = &of_conv(SizeKind::One);
const POOL_2D: &[OptionSpec] = &of_pool(SizeKind::Pair);
const POOL_1D: &[OptionSpec] = &of_pool(SizeKind::One);

const fn of_conv(kind: SizeKind) -> [OptionSpec; 7] {
    [
        sizes("kernel", kind, 1, Default::Needed),
        sizes("stride", kind, 1, Default::Size(1)),
        sizes("padding", kind, 0, Default::Size(0)),
        sizes("dilation", kind, 1, Default::Size(1)),
        sizes("groups", SizeKind::One, 1, Default::Size(1)),
        BIAS,
        INIT,
    ]
}

const fn of_pool(kind: SizeKind) -> [OptionSpec; 2] {
    [sizes("stride", kind, 1, Default::AsSizes), sizes("padding", kind, 0, Default::Size(0))]
}

/// Names that other libraries use, for suggestions.
pub(crate) const OTHER_NAMES: &[(&str, &str)] = &[
    ("linear", "affine"),
    ("dense", "affine"),
    ("fully_connected", "affine"),
    ("convolution", "conv2d"),
    ("conv", "conv2d"),
    ("maxpool", "max_pool2d"),
    ("max_pool", "max_pool2d"),
    ("avg_pool", "avg_pool2d"),
    ("view", "reshape"),
    ("swish", "silu"),
    ("attention", "multi_head_attention"),
    ("log", "ln"),
    ("layer", "net"),
];

const fn layer(name: &'static str, usage: &'static str, rule: fn(&mut Call<'_>) -> Typed) -> LayerSpec {
    LayerSpec {
        name,
        value: name,
        usage,
        sizes: &[],
        turbofish: Turbofish::Nothing,
        options: &[],
        takes: Takes::Any,
        has_parameters: false,
        random: false,
        suits_activation: false,
        init: None,
        ty: "",
        rule,
    }
}

/// A function of each scalar, of the type `ty`.
const fn function(name: &'static str, usage: &'static str, ty: &'static str) -> LayerSpec {
    LayerSpec { ty, ..layer(name, usage, rules::map) }
}

/// One after which weights are initialised as `init` says.
const fn activation(name: &'static str, usage: &'static str, ty: &'static str, init: &'static str) -> LayerSpec {
    LayerSpec { init: Some(init), ..function(name, usage, ty) }
}

const fn one(what: &'static str) -> SizeSpec {
    SizeSpec { what, kind: SizeKind::One, least: 1 }
}

const fn pair(what: &'static str) -> SizeSpec {
    SizeSpec { kind: SizeKind::Pair, ..one(what) }
}

const fn number(name: &'static str, default: f64, range: Range) -> OptionSpec {
    OptionSpec { name, kind: OptionKind::Number(default, range) }
}

const fn sizes(name: &'static str, kind: SizeKind, least: usize, default: Default) -> OptionSpec {
    OptionSpec { name, kind: OptionKind::Sizes { kind, least, default } }
}

/// A way to draw weights.
pub(crate) struct InitSpec {
    pub name: &'static str,
    /// The variant of `Init`.
    pub variant: &'static str,
    /// How it is written.
    pub usage: &'static str,
    /// Its number, if it has one, named as the field of the variant.
    pub number: &'static [OptionSpec],
    /// Whether the number has to be said.
    pub needed: bool,
}

pub(crate) const INITS: &[InitSpec] = &[
    InitSpec { name: "he", variant: "He", usage: "he", number: &[], needed: false },
    InitSpec { name: "xavier", variant: "Xavier", usage: "xavier", number: &[], needed: false },
    InitSpec {
        name: "normal",
        variant: "Normal",
        usage: "normal(std = 0.02)",
        number: &[number("std", 0.02, Range::PositiveFinite)],
        needed: true,
    },
    InitSpec {
        name: "uniform",
        variant: "Uniform",
        usage: "uniform(bound = 0.1)",
        number: &[number("bound", 0.1, Range::PositiveFinite)],
        needed: true,
    },
    InitSpec {
        name: "orthogonal",
        variant: "Orthogonal",
        usage: "orthogonal",
        number: &[number("gain", 1.0, Range::PositiveFinite)],
        needed: false,
    },
];

/// Their names elsewhere, for suggestions.
pub(crate) const OTHER_INITS: &[(&str, &str)] = &[
    ("kaiming", "he"),
    ("kaiming_normal", "he"),
    ("he_normal", "he"),
    ("glorot", "xavier"),
    ("glorot_normal", "xavier"),
    ("xavier_normal", "xavier"),
];

/// The option of a loss that has a number for each class.
pub(crate) const WEIGHTS: &str = "class_weights";

/// A loss of the language.
pub(crate) struct LossSpec {
    pub name: &'static str,
    pub ty: &'static str,
    pub options: &'static [OptionSpec],
    /// Whether an accuracy exists.
    pub classifier: bool,
    /// The layer that it holds already, so that none may precede it.
    pub includes: Option<&'static str>,
    /// Whether it needs a vector of two scores or more.
    pub classes: bool,
}

/// What is known of a loss of the user's own.
pub(crate) const OWN_LOSS: LossSpec =
    LossSpec { name: "", ty: "", options: &[], classifier: false, includes: None, classes: false };

pub(crate) const LOSSES: &[LossSpec] = &[
    LossSpec {
        name: "softmax_cross_entropy",
        ty: "SoftmaxCrossEntropy",
        options: &[
            number("label_smoothing", 0.0, Range::Share),
            OptionSpec { name: WEIGHTS, kind: OptionKind::Weights },
        ],
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
        options: &[number("delta", 1.0, Range::Positive)],
        classifier: false,
        includes: None,
        classes: false,
    },
    LossSpec {
        name: "kl_divergence",
        ty: "KlDivergence",
        options: &[],
        classifier: false,
        includes: None,
        classes: false,
    },
];
