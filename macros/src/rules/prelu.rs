use quote::quote;

use super::{Call, Holder, Typed};

/// A function of each scalar with one parameter.
pub(crate) fn prelu(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let shape = call.input.ty(krate);
    Typed {
        ty: quote!(#krate::__private::Prelu<T, #shape>),
        output: call.input.clone(),
        holder: Holder::Field { count: "1".to_owned() },
        remark: None,
        activation: None,
    }
}
