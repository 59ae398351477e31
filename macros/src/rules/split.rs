use quote::quote;

use super::{At, Call, Holder, Typed, flatten};
use crate::arithmetic::Truth;
use crate::infer;
use crate::message::Message;
use crate::shape::{Dim, Shape};

/// One of the parts that follow each other along an axis.
pub(crate) fn split(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let sizes = std::mem::take(&mut call.sizes[0]);
    let part = call.part.expect("a part of a `split` has a number");
    let axis = match (&call.option(0)[0], call.input) {
        (Dim::Literal(axis), Shape::Dims(dims)) if *axis < dims.len() => Some((*axis, dims)),
        _ => None,
    };
    let known = Truth::Known(axis.is_some());
    call.require(known, no_axis(call), At::Option(0));
    // What does not hold is reported, and what is returned not looked at.
    let Some((axis, dims)) = axis else { return flatten(call) };
    // The parts are of one call: their sum is wrong for all of them or for none.
    if part == 0 {
        sizes_add_up(call, &sizes, &dims[axis]);
    }
    let mut output = dims.clone();
    output[axis] = sizes[part].clone();
    let inner = Dim::product(&dims[axis + 1..]);
    let before: Vec<Dim> = sizes[..part].iter().map(|size| Dim::product([size, &inner])).collect();
    let before = Dim::sum(before.iter()).unwrap_or(Dim::Literal(0)).argument();
    let pieces = Dim::product(&dims[..axis]).argument();
    let output = Shape::Dims(output);
    let (from, to) = (call.input.ty(krate), output.ty(krate));
    let ty = quote!(#krate::__private::Slice::<#from, #to, #pieces, #before>);
    Typed { output, holder: Holder::Function { value: quote!(#ty::new()) }, ty, remark: None, activation: None }
}

/// What is wrong with the axis, or with the shape that is to be split.
fn no_axis(call: &Call<'_>) -> Message {
    match call.input {
        Shape::Of(_) => {
            Message::new(format_args!("`split` needs to know the shape of `{}`, which is ", call.input_name))
                .shape(call.input)
                .help(Message::new(format_args!("say it in a `let`: `let {}: [8] = …`", call.input_name)))
        }
        Shape::Dims(dims) => infer::no_axis("split", &call.option(0)[0], call.input_name, call.input, dims.len()),
    }
}

fn sizes_add_up(call: &mut Call<'_>, sizes: &[Dim], whole: &Dim) {
    let Some(sum) = Dim::sum(sizes.iter()) else { return };
    let message = Message::new(format_args!("the parts of `{}` of shape ", call.input_name))
        .shape(call.input)
        .text(" add up to ")
        .dim(&sum)
        .text(", but there are ")
        .dim(whole);
    let message = match (sum.literal(), whole.literal(), sizes.split_last()) {
        (Some(sum), Some(whole), Some((last, others))) if sum - last.literal().unwrap_or(0) < whole => {
            let mut fitting: Vec<String> = others.iter().map(Dim::to_string).collect();
            fitting.push((whole - (sum - last.literal().unwrap_or(0))).to_string());
            message.help(Message::new(format_args!("write for example `[{}]`", fitting.join(", "))))
        }
        _ => message.help(Message::new("write sizes that add up to ").dim(whole)),
    };
    call.require(sum.equals(whole), message, At::Size(0));
}
