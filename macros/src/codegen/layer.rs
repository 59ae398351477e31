//! `impl Layer`, for a network with one input: it can be a layer of another.

use proc_macro2::TokenStream;

use crate::graph::Graph;
use crate::syntax::Element;

pub(super) fn implementation(graph: &Graph) -> TokenStream {
    let inputs: Vec<_> = graph.inputs().collect();
    let [input] = inputs[..] else { return TokenStream::new() };
    let element = graph.element(0);
    let name = &graph.name;
    let p = graph.private();
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    let input = input.shape.ty(&graph.krate);
    let output = graph.output_shape.ty(&graph.krate);
    let (index, indices) = match element {
        Element::Scalar => (TokenStream::new(), TokenStream::new()),
        Element::Index => (tokens!(, #p::usize), indices(&p)),
    };
    let methods = methods(&p, element, &index);
    tokens! {
        #[automatically_derived]
        impl #parameters #p::Layer<T #index> for #name #arguments #bounds {
            type Input = #input;
            type Output = #output;
            const RANDOM: #p::bool = <Self as #p::Network>::RANDOM;
            const WHOLE_BATCH: #p::bool = <Self as #p::Network>::WHOLE_BATCH;
            const LEAST_SAMPLES: #p::usize = #p::least_samples(<Self as #p::Network>::LAYERS);
            const CACHE: #p::usize = <Self as #p::Network>::CACHE;
            const SCRATCH: #p::usize = <Self as #p::Network>::SCRATCH;
            const SCRATCH_ONCE: #p::usize = <Self as #p::Network>::SCRATCH_ONCE;
            const MULTIPLY_ADDS: #p::usize = <Self as #p::Network>::MULTIPLY_ADDS;
            #indices
            #methods
        }
    }
}

/// How many indices there are to choose from.
fn indices(p: &TokenStream) -> TokenStream {
    tokens! {
        const INDICES: #p::usize = match <Self as #p::Network>::INPUTS[0].indices {
            #p::core::option::Option::Some(indices) => indices,
            #p::core::option::Option::None => #p::usize::MAX,
        };
    }
}

/// The methods, for an input of `element`s; `index` is what the parameters of `Layer` and `Forward` end with.
fn methods(p: &TokenStream, element: Element, index: &TokenStream) -> TokenStream {
    let (x, input) = (element.ty(p), element.variant());
    tokens! {
        fn forward(
            &self,
            input: #p::Batch<'_, #x, Self::Input>,
            mut output: #p::BatchMut<'_, T, Self::Output>,
            cache: &mut [T],
        ) {
            let (samples, mode) = (input.samples(), #p::Mode::Inference);
            #p::Network::forward_slices(self, &[#p::Input::#input(input.as_slice())], output.as_mut_slice(), cache, samples, mode);
        }

        fn train(
            &self,
            input: #p::Batch<'_, #x, Self::Input>,
            mut output: #p::BatchMut<'_, T, Self::Output>,
            cache: &mut [T],
            seed: #p::Seed,
        ) {
            let (samples, mode) = (input.samples(), #p::Mode::Training(seed));
            #p::Network::forward_slices(self, &[#p::Input::#input(input.as_slice())], output.as_mut_slice(), cache, samples, mode);
        }

        fn backward(
            &self,
            forward: #p::Forward<'_, T, Self::Input, Self::Output #index>,
            d_output: #p::Batch<'_, T, Self::Output>,
            d_input: #p::core::option::Option<#p::BatchMut<'_, T, Self::Input>>,
            gradients: #p::core::option::Option<&mut Self>,
            scratch: &mut [T],
        ) {
            let input = #p::Input::#input(forward.input.as_slice());
            #p::layer_backward(self, input, forward, d_output, d_input, gradients, scratch);
        }
    }
}
