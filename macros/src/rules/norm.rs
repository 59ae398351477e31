use quote::{format_ident, quote};

use super::{Argument, Call, Holder, Typed};
use crate::catalogue::USUAL_EPSILON;
use crate::shape::{Dim, Shape};

/// The channels of anything, normalised.
pub(crate) fn batch_norm(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let channels = match call.input {
        Shape::Dims(dims) => dims[0].clone(),
        Shape::Of(_) => Dim::of_shape(call.input, 0, krate),
    };
    let (shape, size) = (call.input.ty(krate), channels.argument());
    let count = match channels.literal() {
        Some(channels) => (4 * channels).to_string(),
        None => format!("4 * {channels}"),
    };
    Typed {
        ty: quote!(#krate::__private::BatchNorm<T, #shape, #size>),
        output: call.input.clone(),
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}

/// A vector, normalised; `ty` has so many tensors of its size.
pub(crate) fn row_norm(call: &mut Call<'_>, ty: &str, tensors: usize) -> Typed {
    let krate = call.krate;
    let ty = format_ident!("{ty}");
    let size = call.input.len(krate);
    let count = match call.input.literal_len() {
        Some(len) => (tensors * len).to_string(),
        None => format!("{tensors} * {}", call.input.to_string().trim_matches(['[', ']'])),
    };
    // What is usual is left out, so that the type is easily read.
    let epsilon = match &call.options[0] {
        Argument::Number(number) if number.to_string() != quote!(#USUAL_EPSILON).to_string() => {
            Some(quote!(, { #krate::__private::f64::to_bits(#number) }))
        }
        _ => None,
    };
    Typed {
        ty: quote!(#krate::__private::#ty<T, #size #epsilon>),
        output: call.input.clone(),
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}
