//! `impl Layer`, for a network with one input: it can be a layer of another.

use proc_macro2::TokenStream;

use crate::graph::Graph;

pub(super) fn implementation(graph: &Graph) -> TokenStream {
    let inputs: Vec<_> = graph.inputs().collect();
    let [input] = inputs[..] else { return TokenStream::new() };
    let name = &graph.name;
    let p = graph.private();
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let input = input.shape.ty(&graph.krate);
    let output = graph.output_shape.ty(&graph.krate);
    let methods = methods(&p);
    tokens! {
        #[automatically_derived]
        impl #parameters #p::Layer<T> for #name #arguments #bounds {
            type Input = #input;
            type Output = #output;
            const RANDOM: #p::bool = <Self as #p::Network>::RANDOM;
            const CACHE: #p::usize = <Self as #p::Network>::CACHE;
            const SCRATCH: #p::usize = <Self as #p::Network>::SCRATCH;
            const MULTIPLY_ADDS: #p::usize = <Self as #p::Network>::MULTIPLY_ADDS;
            #methods
        }
    }
}

fn methods(p: &TokenStream) -> TokenStream {
    tokens! {
        fn forward(
            &self,
            input: #p::Batch<'_, T, Self::Input>,
            mut output: #p::BatchMut<'_, T, Self::Output>,
            cache: &mut [T],
        ) {
            let (samples, mode) = (input.samples(), #p::Mode::Inference);
            #p::Network::forward_slices(self, &[input.as_slice()], output.as_mut_slice(), cache, samples, mode);
        }

        fn train(
            &self,
            input: #p::Batch<'_, T, Self::Input>,
            mut output: #p::BatchMut<'_, T, Self::Output>,
            cache: &mut [T],
            seed: #p::Seed,
        ) {
            let (samples, mode) = (input.samples(), #p::Mode::Training(seed));
            #p::Network::forward_slices(self, &[input.as_slice()], output.as_mut_slice(), cache, samples, mode);
        }

        fn backward(
            &self,
            forward: #p::Forward<'_, T, Self::Input, Self::Output>,
            d_output: #p::Batch<'_, T, Self::Output>,
            d_input: #p::core::option::Option<#p::BatchMut<'_, T, Self::Input>>,
            gradients: &mut Self,
            scratch: &mut [T],
        ) {
            #p::layer_backward(self, forward, d_output, d_input, gradients, scratch);
        }
    }
}
