use quote::quote;

use super::{Call, Holder, Typed};
use crate::shape::{Dim, Shape};

/// Any number of outputs from a vector.
pub(crate) fn affine(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let inputs = call.input.len(krate);
    let size = &call.sizes[0][0];
    let outputs = size.argument();
    let has_bias = call.flag(0);
    let biases = (!has_bias).then(|| quote!(, 0));
    Typed {
        ty: quote!(#krate::__private::Affine<T, #inputs, #outputs #biases>),
        output: Shape::Dims(vec![size.clone()]),
        holder: Holder::Field { count: parameters(call.input, size, has_bias) },
        remark: None,
        activation: None,
    }
}

/// Weights and biases: a number, or how it is computed.
fn parameters(input: &Shape, outputs: &Dim, has_bias: bool) -> String {
    if let (Some(inputs), Some(outputs)) = (input.literal_len(), outputs.literal()) {
        let rows = inputs.saturating_add(usize::from(has_bias));
        return rows.saturating_mul(outputs).to_string();
    }
    let inputs = input.to_string();
    let inputs = inputs.trim_matches(['[', ']']);
    if has_bias { format!("({inputs} + 1) * ({outputs})") } else { format!("({inputs}) * ({outputs})") }
}
