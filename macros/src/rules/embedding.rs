use quote::quote;

use super::{Call, Holder, Typed};
use crate::shape::{Dim, Shape};

/// A vector for each index.
pub(crate) fn embedding(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let [positions] = call.dims();
    let (indices, size) = (call.sizes[0][0].clone(), call.sizes[1][0].clone());
    let count = Dim::product([&indices, &size]).to_string();
    let output = Shape::Dims(vec![positions.clone(), size.clone()]);
    let [positions, indices, size] = [positions, indices, size].map(|size| size.argument());
    Typed {
        ty: quote!(#krate::__private::Embedding<T, #positions, #indices, #size>),
        output,
        holder: Holder::Field { count },
        remark: None,
        activation: None,
    }
}
