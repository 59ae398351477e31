use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Argument, Call, Holder, Typed};
use crate::catalogue::{USUAL_EPSILON, USUAL_MOMENTUM};
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
    let usual = [USUAL_MOMENTUM, USUAL_EPSILON];
    let options: Vec<_> = call.options.iter().zip(usual).map(|(option, usual)| unusual(option, usual, krate)).collect();
    // What is usual is left out, so that the type is easily read.
    let options = match &options[..] {
        [None, None] => TokenStream::new(),
        options => {
            let bits = options.iter().zip(usual).map(|(option, usual)| match option {
                Some(bits) => bits.clone(),
                None => bits(&quote!(#usual), krate),
            });
            quote!(#(, #bits)*)
        }
    };
    Typed {
        ty: quote!(#krate::__private::BatchNorm<T, #shape, #size #options>),
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
    let epsilon = unusual(&call.options[0], USUAL_EPSILON, krate).map(|bits| quote!(, #bits));
    Typed {
        ty: quote!(#krate::__private::#ty<T, #size #epsilon>),
        output: call.input.clone(),
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}

/// The bits of an option as an argument of a type, unless it is as usual.
fn unusual(option: &Argument, usual: f64, krate: &TokenStream) -> Option<TokenStream> {
    match option {
        Argument::Number(number) if number.to_string() != quote!(#usual).to_string() => Some(bits(number, krate)),
        _ => None,
    }
}

fn bits(number: &TokenStream, krate: &TokenStream) -> TokenStream {
    quote!({ #krate::__private::f64::to_bits(#number) })
}
