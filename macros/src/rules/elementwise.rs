use quote::{format_ident, quote};

use super::{Argument, Call, Holder, Typed};

/// A function of each scalar, or one that keeps the shape, of the type `ty`.
pub(crate) fn elementwise(call: &mut Call<'_>, ty: &str) -> Typed {
    let krate = call.krate;
    let ty = format_ident!("{ty}");
    let shape = call.input.ty(krate);
    let options = call.options.iter().filter_map(|option| match option {
        Argument::Number(number) => Some(number),
        Argument::Sizes(_) | Argument::Flag(_) => None,
    });
    Typed {
        ty: quote!(#krate::__private::#ty<#shape>),
        output: call.input.clone(),
        holder: Holder::Function { value: quote!(#krate::__private::#ty::<#shape>::new(#(#options),*)) },
        remark: None,
    }
}
