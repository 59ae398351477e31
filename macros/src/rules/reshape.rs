use proc_macro2::TokenStream;

use super::{At, Call, Holder, Typed};
use crate::message::Message;
use crate::shape::{Dim, Shape};

/// The same scalars as a vector.
pub(crate) fn flatten(call: &mut Call<'_>) -> Typed {
    let len = len(call);
    reshaped(vec![len])
}

/// The same scalars in another shape.
pub(crate) fn reshape(call: &mut Call<'_>) -> Typed {
    let dims = std::mem::take(&mut call.sizes[0]);
    let (len, new) = (len(call), Dim::product(&dims));
    let shape = Shape::Dims(dims);
    let message = Message::new(format_args!("`reshape` keeps all scalars, but `{}` of shape ", call.input_name))
        .shape(call.input)
        .text(" has ")
        .dim(&len)
        .text(" and ")
        .shape(&shape)
        .text(" has ")
        .dim(&new)
        .help(Message::new("write a shape of ").dim(&len).text(" scalars, for example `[").dim(&len).text("]`"));
    call.require(len.equals(&new), message, At::Size(0));
    let Shape::Dims(dims) = shape else { return reshaped(Vec::new()) };
    reshaped(dims)
}

fn reshaped(dims: Vec<Dim>) -> Typed {
    Typed { ty: TokenStream::new(), output: Shape::Dims(dims), holder: Holder::Reshape, remark: None, activation: None }
}

/// The number of scalars of the input.
fn len(call: &Call<'_>) -> Dim {
    match call.input.literal_len() {
        Some(len) => Dim::Literal(len),
        None => Dim::of_len(call.input, call.krate),
    }
}
