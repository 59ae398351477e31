use quote::quote;

use super::{Call, Holder, Typed};
use crate::shape::{Dim, Shape};

/// Any number of outputs from a vector.
pub(crate) fn affine(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let inputs = call.input.len(krate);
    let size = &call.sizes[0][0];
    let outputs = size.argument();
    Typed {
        ty: quote!(#krate::__private::Affine<T, #inputs, #outputs>),
        output: Shape::Dims(vec![size.clone()]),
        holder: Holder::Field { count: parameters(call.input, size) },
        remark: None,
        activation: None,
    }
}

/// Weights and biases: a number, or how it is computed.
fn parameters(input: &Shape, outputs: &Dim) -> String {
    if let (Some(inputs), Some(outputs)) = (input.literal_len(), outputs.literal()) {
        return inputs.saturating_mul(outputs).saturating_add(outputs).to_string();
    }
    let inputs = input.to_string();
    format!("({} + 1) * ({outputs})", inputs.trim_matches(['[', ']']))
}
