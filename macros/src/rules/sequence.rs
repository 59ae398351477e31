use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{At, Call, Holder, Typed};
use crate::message::Message;
use crate::shape::{Dim, Shape};

/// What each position sees of the others.
pub(crate) fn multi_head_attention(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let [positions, width] = call.dims();
    let heads = call.sizes[0][0].clone();
    let message = Message::new(format_args!("`{}` has ", call.name))
        .dim(&heads)
        .text(" heads, which do not divide the ")
        .dim(&width)
        .text(format_args!(" scalars of a position of `{}`", call.input_name))
        .help(Message::new("write a number of heads that divides ").dim(&width));
    call.require(width.is_multiple_of(&heads), message, At::Size(0));
    let is_causal = call.flag(0);
    let triple = Dim::product([&Dim::Literal(3), &width]);
    let square = Dim::product([&Dim::Literal(4), &width, &width]);
    let count = Dim::sum([&square, &triple, &width].into_iter()).map_or_else(String::new, |count| count.to_string());
    let [length, width, triple, heads] = [&positions, &width, &triple, &heads].map(Dim::argument);
    Typed {
        ty: quote!(#krate::__private::MultiHeadAttention<T, #length, #width, #triple, #heads, #is_causal>),
        output: call.input.clone(),
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}

/// A state that goes from position to position, with so many gates; the type `ty` names their size where there are several.
pub(crate) fn recurrent(call: &mut Call<'_>, ty: &str, gates: usize) -> Typed {
    let krate = call.krate;
    let ty = format_ident!("{ty}");
    let [positions, width] = call.dims();
    let size = call.sizes[0][0].clone();
    let output = Shape::Dims(vec![positions.clone(), size.clone()]);
    let all = Dim::product([&Dim::Literal(gates), &size]);
    let count = Dim::sum([&width, &size, &Dim::Literal(2)].into_iter()).map(|rows| Dim::product([&all, &rows]));
    let mut sizes = vec![positions.argument(), width.argument(), size.argument()];
    if gates > 1 {
        sizes.push(all.argument());
    }
    Typed {
        ty: quote!(#krate::__private::#ty<T, #(#sizes),*>),
        output,
        holder: Holder::Field { count: count.map_or_else(String::new, |count| count.to_string()) },
        remark: None,
        activation: None,
    }
}

/// Something for each position, added to it.
pub(crate) fn sinusoidal_positions(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let [positions, width] = call.dims().map(|dim| dim.argument());
    let ty: TokenStream = quote!(#krate::__private::SinusoidalPositions::<#positions, #width>);
    Typed {
        output: call.input.clone(),
        holder: Holder::Function { value: quote!(#ty::new()) },
        ty,
        remark: None,
        activation: None,
    }
}

/// The same, from parameters.
pub(crate) fn learned_positions(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let [positions, width] = call.dims();
    let count = Dim::product([&positions, &width]).to_string();
    let [positions, width] = [&positions, &width].map(Dim::argument);
    Typed {
        ty: quote!(#krate::__private::LearnedPositions<T, #positions, #width>),
        output: call.input.clone(),
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}

/// The last position.
pub(crate) fn last(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let [positions, width] = call.dims();
    let output = Shape::Dims(vec![width.clone()]);
    let (from, to) = (call.input.ty(krate), output.ty(krate));
    let before = match (positions.literal(), width.literal()) {
        (Some(positions), Some(width)) => Dim::Literal((positions - 1).saturating_mul(width)).argument(),
        _ => {
            let (positions, width) = (positions.expression(), width.expression());
            quote!({ ((#positions) - 1) * (#width) })
        }
    };
    let ty: TokenStream = quote!(#krate::__private::Slice::<#from, #to, 1, #before>);
    Typed { output, holder: Holder::Function { value: quote!(#ty::new()) }, ty, remark: None, activation: None }
}
