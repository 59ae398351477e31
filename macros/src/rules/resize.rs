use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Call, Holder, Typed};
use crate::shape::{Dim, Shape};

/// Each scalar as many times as the factors say, along rows and columns.
pub(crate) fn upsample(call: &mut Call<'_>) -> Typed {
    let [channels, rows, columns] = call.dims();
    let factors = &call.sizes[0];
    let output = vec![channels, Dim::product([&rows, &factors[0]]), Dim::product([&columns, &factors[1]])];
    from_shapes(call, "Upsample", Shape::Dims(output))
}

/// Zeros around each channel.
pub(crate) fn zero_pad(call: &mut Call<'_>) -> Typed {
    let [channels, rows, columns] = call.dims();
    let padded = |size: &Dim, padding: &Dim| Dim::sum([size, padding, padding].into_iter()).unwrap_or(size.clone());
    let padding = &call.sizes[0];
    let output = vec![channels, padded(&rows, &padding[0]), padded(&columns, &padding[1])];
    from_shapes(call, "ZeroPad", Shape::Dims(output))
}

/// The mean of each channel.
pub(crate) fn global_avg_pool(call: &mut Call<'_>) -> Typed {
    let [channels, _, _] = call.dims();
    from_shapes(call, "GlobalAvgPool", Shape::Dims(vec![channels]))
}

/// A function that the shapes of its input and output describe.
fn from_shapes(call: &Call<'_>, ty: &str, output: Shape) -> Typed {
    let krate = call.krate;
    let ty = format_ident!("{ty}");
    let (from, to) = (call.input.ty(krate), output.ty(krate));
    let ty: TokenStream = quote!(#krate::__private::#ty::<#from, #to>);
    Typed { output, holder: Holder::Function { value: quote!(#ty::new()) }, ty, remark: None, activation: None }
}
