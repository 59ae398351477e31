use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Argument, Call, Holder, Typed};
use crate::assertion::{ends, located};

/// A layer that keeps the shape.
pub(crate) fn elementwise(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let ty = format_ident!("{}", call.ty);
    let shape = call.input.ty(krate);
    let options = numbers(call);
    Typed {
        ty: quote!(#krate::__private::#ty<#shape>),
        output: call.input.clone(),
        holder: Holder::Function { value: quote!(#krate::__private::#ty::<#shape>::new(#(#options),*)) },
        remark: None,
        activation: None,
    }
}

/// A function of each scalar: one of this crate, or of the user's own.
pub(crate) fn map(call: &mut Call<'_>) -> Typed {
    let krate = call.krate;
    let shape = call.input.ty(krate);
    let (ty, value) = match &call.formula {
        Some(formula) => (formula.ty.clone(), formula.value.clone()),
        None => {
            let ty = format_ident!("{}", call.ty);
            let ty = quote!(#krate::__private::#ty);
            let options = numbers(call);
            let value = if options.is_empty() { ty.clone() } else { quote!(#ty::new(#(#options),*)) };
            (ty, value)
        }
    };
    // What rustc says of a type of the user's is said where that stands.
    let (at, _) = ends(&ty);
    let map = located(quote!(#krate::__private::Map), at);
    Typed {
        ty: located(quote!(#map<#ty, #shape>), at),
        output: call.input.clone(),
        holder: Holder::Function { value: located(quote!(#map::<#ty, #shape>::new(#value)), at) },
        remark: None,
        activation: Some(ty),
    }
}

fn numbers<'a>(call: &'a Call<'_>) -> Vec<&'a TokenStream> {
    let number = |option: &'a Argument| match option {
        Argument::Number(number) => Some(number),
        Argument::Sizes(_) | Argument::Flag(_) => None,
    };
    call.options.iter().filter_map(number).collect()
}
