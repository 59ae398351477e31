//! What each layer makes of its input: the type of the layer, the shape of its output, and what has to hold.

mod affine;
mod elementwise;
mod embedding;
mod net;
mod norm;
mod prelu;
mod reshape;
mod resize;
mod sequence;
mod split;
mod window;

pub(crate) use affine::affine;
pub(crate) use elementwise::{elementwise, map};
pub(crate) use embedding::embedding;
pub(crate) use net::{OwnType, net};
pub(crate) use norm::{batch_norm, row_norm};
pub(crate) use prelu::prelu;
pub(crate) use reshape::{flatten, reshape};
pub(crate) use resize::{global_avg_pool, upsample, zero_pad};
pub(crate) use sequence::{last, learned_positions, multi_head_attention, recurrent, sinusoidal_positions};
pub(crate) use split::split;
pub(crate) use window::{avg_pool, conv, conv_transpose, max_pool};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::arithmetic::Truth;
use crate::message::Message;
use crate::shape::{Dim, Shape};

/// What a rule knows of a call, and what it requires of it.
pub(crate) struct Call<'a> {
    pub krate: &'a TokenStream,
    /// The layer as it is written, such as `conv2d`.
    pub layer: &'static str,
    /// The name of the value that it computes, such as `conv1`.
    pub name: &'a Ident,
    /// What the user calls its input.
    pub input_name: &'a str,
    pub input: &'a Shape,
    /// The sizes in the parentheses, each as many numbers as its kind has.
    pub sizes: Vec<Vec<Dim>>,
    /// In the order of the catalogue.
    pub options: Vec<Argument>,
    pub own: Option<OwnType>,
    /// The type of this crate, where the catalogue says it.
    pub ty: &'static str,
    pub formula: Option<Formula>,
    /// Which of several values that the call makes.
    pub part: Option<usize>,
    pub requirements: Vec<Requirement>,
}

/// The value of an option.
pub(crate) enum Argument {
    Number(TokenStream),
    Flag(bool),
    Sizes(Vec<Dim>),
}

/// What has to hold, or else there is an error.
pub(crate) struct Requirement {
    pub holds: Truth,
    pub message: Message,
    pub at: At,
}

/// The part of a call that is underlined.
#[derive(Clone, Copy)]
pub(crate) enum At {
    /// Size `index` in the parentheses.
    Size(usize),
    /// Option `index` of the catalogue; the layer, where it is not written.
    Option(usize),
}

/// A layer whose types are known.
pub(crate) struct Typed {
    pub ty: TokenStream,
    pub output: Shape,
    pub holder: Holder,
    /// What a reader may not expect of its shape.
    pub remark: Option<String>,
    /// The type of the activation, where it is a function of each scalar.
    pub activation: Option<TokenStream>,
}

/// An activation of the user's own.
pub(crate) struct Formula {
    pub ty: TokenStream,
    pub value: TokenStream,
}

/// What holds a layer.
pub(crate) enum Holder {
    /// A field, with the number of its scalar parameters, for documentation.
    Field { count: String },
    /// Nothing: it is made where it is used.
    Function { value: TokenStream },
    /// It is not even computed: the same scalars in another shape.
    Reshape,
}

impl Typed {
    /// The same layer at each of some positions.
    pub(crate) fn at_each(self, positions: &Dim, krate: &TokenStream) -> Self {
        let Self { ty, output, holder, remark, activation } = self;
        let size = positions.argument();
        let each = quote!(#krate::__private::Each);
        Self {
            ty: quote!(#each<#ty, #size>),
            output: match output {
                Shape::Dims(dims) => Shape::Dims([std::slice::from_ref(positions), &dims[..]].concat()),
                own @ Shape::Of(_) => own,
            },
            holder: match holder {
                Holder::Function { value } => Holder::Function { value: quote!(#each::<_, #size>::new(#value)) },
                holder => holder,
            },
            remark,
            activation,
        }
    }
}

impl Call<'_> {
    fn require(&mut self, holds: Truth, message: Message, at: At) {
        self.requirements.push(Requirement { holds, message, at });
    }

    /// The dimensions of the input, which is known to have this rank.
    fn dims<const RANK: usize>(&self) -> [Dim; RANK] {
        std::array::from_fn(|index| match self.input {
            Shape::Dims(dims) => dims[index].clone(),
            Shape::Of(_) => Dim::of_shape(self.input, index, self.krate),
        })
    }

    /// Option `index`, which is `true` or `false`.
    fn flag(&self, index: usize) -> bool {
        matches!(self.options[index], Argument::Flag(true))
    }

    /// Option `index`, which takes sizes.
    fn option(&self, index: usize) -> &[Dim] {
        match &self.options[index] {
            Argument::Sizes(dims) => dims,
            Argument::Number(_) | Argument::Flag(_) => &[],
        }
    }
}
