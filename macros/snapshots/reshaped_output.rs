use ::constgrad::__private as p;

///
/// # Shapes
/// - `x` `[2, 3]`, output `[6]`
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
struct Tall<T: p::Scalar = p::f32> {
    __scalar: p::core::marker::PhantomData<T>,
}
/// The gradients of the inputs of [`Tall`], one column a sample.
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
#[allow(dead_code)]
struct TallInputs<T: p::Scalar = p::f32> {
    /// Of `x`, `[2, 3]` a sample.
    x: p::nalgebra::OMatrix<T, p::nalgebra::Const<6>, p::nalgebra::Dyn>,
}
#[allow(deprecated, non_local_definitions)]
const _: () = {
    #[allow(unused_imports)]
    use p::{
        free as cache, free as d_input, free as d_inputs, free as d_output, free as d_x,
        free as dims, free as forward, free as gradients, free as index, free as indices,
        free as init, free as input, free as inputs, free as jacobians, free as mode,
        free as name, free as output, free as output_gradient, free as pass,
        free as replay, free as rng, free as samples, free as scratch, free as seed,
        free as slots, free as tape, free as with_inputs, free as workspace, free as x,
    };
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> Tall<T> {
        /// The network, which has no parameters: nothing is drawn.
        fn init(rng: &mut (impl p::rand::Rng + ?p::core::marker::Sized)) -> Self {
            p::Trainable::init_with(p::Init::Default, rng)
        }
    }
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> Tall<T> {
        /// The output, `[6]` a sample, one sample a column.
        ///
        /// - `x`: `[2, 3]` a sample, one sample a column
        #[must_use]
        #[track_caller]
        fn predict<Columns>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<6>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<6>, Columns>,
            >,
        ) -> p::nalgebra::OMatrix<T, p::nalgebra::Const<6>, Columns>
        where
            Columns: p::nalgebra::Dim,
            p::nalgebra::DefaultAllocator: p::nalgebra::allocator::Allocator<
                p::nalgebra::Const<6>,
                Columns,
            >,
        {
            p::predict_columns(
                self,
                &[p::InputSamples::Scalars(p::columns(x))],
                x.shape_generic().1,
            )
        }
        /// The derivative of each scalar of the output, in prediction, by each of `x`: a row for each of the output.
        ///
        /// - `x`: `[2, 3]` of one sample
        #[must_use]
        #[track_caller]
        fn jacobian(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<6>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<6>,
                    p::nalgebra::Const<1>,
                >,
            >,
        ) -> p::Tensor<T, 6, 6> {
            let mut jacobians = p::Jacobians::of(
                self,
                &[p::InputSamples::Scalars(p::columns(x))],
            );
            jacobians.take()
        }
        /// A training pass: its output, and later, from the gradient of that, those of the parameters. Nothing is allocated.
        ///
        /// - `x`: `[2, 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the workspace is for fewer samples.
        #[track_caller]
        fn forward<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            x: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<6>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<6>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 1usize, p::nalgebra::Const<6>> {
            p::forward_columns(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::Mode::Training(p::Seed::ZERO),
                workspace,
            )
        }
        /// The same pass as in prediction: nothing is random, and `batch_norm` takes its running statistics.
        ///
        /// - `x`: `[2, 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the workspace is for fewer samples.
        #[track_caller]
        fn forward_inference<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            x: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<6>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<6>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 1usize, p::nalgebra::Const<6>> {
            p::forward_columns(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::Mode::Inference,
                workspace,
            )
        }
        /// The gradients by the parameters and by the inputs, from the gradient of the output.
        ///
        /// - `x`: `[2, 3]` a sample, one sample a column
        /// - `d_output`: the gradient of the output, `[6]` a sample
        ///
        /// # Panics
        /// If the matrices differ in their number of columns.
        #[must_use]
        #[track_caller]
        fn backward<Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<6>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<6>, Columns>,
            >,
            d_output: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<6>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<6>, Columns>,
            >,
        ) -> (Self, TallInputs<T>) {
            p::backward_columns(
                self,
                &[p::InputSamples::Scalars(p::columns(x))],
                d_output,
                p::Seed::ZERO,
            )
        }
        /// All buffers of a training step with batches of up to `samples` samples.
        #[must_use]
        fn workspace(samples: p::usize) -> p::Workspace<Self> {
            p::Workspace::new(samples)
        }
    }
    #[allow(dead_code)]
    impl Tall {
        /// Layers, shapes, parameters and multiply-adds, as a table.
        #[must_use]
        const fn summary() -> p::Summary {
            p::Summary::new::<Self>()
        }
    }
    #[automatically_derived]
    #[allow(unused_mut)]
    impl<T: p::Scalar> p::core::convert::From<p::InputGradients<T>> for TallInputs<T> {
        fn from(mut d_inputs: p::InputGradients<T>) -> Self {
            Self {
                x: p::InputGradients::take(&mut d_inputs),
            }
        }
    }
    #[automatically_derived]
    #[allow(non_snake_case, unused_mut, unused_variables, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> p::Network for Tall<T> {
        type Output = p::Rank1<6>;
        type Inputs = TallInputs<T>;
        type Loss = p::NoLoss;
        const LOSS: Self::Loss = p::NoLoss;
        const SCORES: p::usize = <Self::Output as p::Shape>::LEN;
        const INPUTS: &'static [p::Port] = &[
            p::Port {
                name: "x",
                dims: <p::Rank2<2, 3> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
        ];
        const LAYERS: &'static [p::LayerInfo] = &[];
        const MULTIPLY_ADDS: p::usize = p::sum(&[]);
        const RANDOM: p::bool = p::any(&[]);
        const WHOLE_BATCH: p::bool = p::any(&[]);
        const CACHE: p::usize = p::sum(&[]);
        const SCRATCH: p::usize = p::sum(
            &[<p::Rank2<2, 3> as p::Shape>::LEN, p::max(&[])],
        );
        const SCRATCH_ONCE: p::usize = p::max(&[]);
        fn forward_slices(
            &self,
            inputs: &[p::Input<'_, T>],
            output: &mut [T],
            cache: &mut [T],
            samples: p::usize,
            mode: p::Mode,
        ) {
            let x = inputs[0usize].scalars::<p::Rank2<2, 3>>(samples);
            let output = p::BatchMut::<T, p::Rank1<6>>::new(output, samples);
            let mut tape = p::Tape::new(cache, samples, mode);
            tape.last_binary::<p::Rank2<2, 3>>(p::Add, x, x, output.reshape());
        }
        fn backward_slices(
            &self,
            pass: p::Pass<'_, T>,
            d_inputs: p::core::option::Option<&mut [T]>,
            gradients: p::core::option::Option<&mut Self>,
        ) {
            let with_inputs = d_inputs.is_some();
            let mut gradients = gradients;
            let x = pass.inputs[0usize].scalars::<p::Rank2<2, 3>>(pass.samples);
            let output = p::Batch::<T, p::Rank1<6>>::new(pass.output, pass.samples);
            let output_gradient = p::Batch::<
                T,
                p::Rank1<6>,
            >::new(pass.d_output, pass.samples);
            let mut replay = p::Replay::new(pass.cache, pass.samples, pass.mode);
            let mut slots = p::Slots::new(pass.scratch, d_inputs, pass.samples);
            let mut d_x = slots.shared_input::<p::Rank2<2, 3>>();
            let scratch = slots.scratch();
            if with_inputs {
                d_x.left::<p::Rank2<2, 3>>(p::Add, x, x, output_gradient.reshape());
                d_x.right::<p::Rank2<2, 3>>(p::Add, x, x, output_gradient.reshape());
            }
        }
    }
    #[automatically_derived]
    impl<T: p::Scalar> p::Layer<T> for Tall<T> {
        type Input = p::Rank2<2, 3>;
        type Output = p::Rank1<6>;
        const RANDOM: p::bool = <Self as p::Network>::RANDOM;
        const WHOLE_BATCH: p::bool = <Self as p::Network>::WHOLE_BATCH;
        const LEAST_SAMPLES: p::usize = p::least_samples(<Self as p::Network>::LAYERS);
        const CACHE: p::usize = <Self as p::Network>::CACHE;
        const SCRATCH: p::usize = <Self as p::Network>::SCRATCH;
        const SCRATCH_ONCE: p::usize = <Self as p::Network>::SCRATCH_ONCE;
        const MULTIPLY_ADDS: p::usize = <Self as p::Network>::MULTIPLY_ADDS;
        fn forward(
            &self,
            input: p::Batch<'_, T, Self::Input>,
            mut output: p::BatchMut<'_, T, Self::Output>,
            cache: &mut [T],
        ) {
            let (samples, mode) = (input.samples(), p::Mode::Inference);
            p::Network::forward_slices(
                self,
                &[p::Input::Scalars(input.as_slice())],
                output.as_mut_slice(),
                cache,
                samples,
                mode,
            );
        }
        fn train(
            &self,
            input: p::Batch<'_, T, Self::Input>,
            mut output: p::BatchMut<'_, T, Self::Output>,
            cache: &mut [T],
            seed: p::Seed,
        ) {
            let (samples, mode) = (input.samples(), p::Mode::Training(seed));
            p::Network::forward_slices(
                self,
                &[p::Input::Scalars(input.as_slice())],
                output.as_mut_slice(),
                cache,
                samples,
                mode,
            );
        }
        fn backward(
            &self,
            forward: p::Forward<'_, T, Self::Input, Self::Output>,
            d_output: p::Batch<'_, T, Self::Output>,
            d_input: p::core::option::Option<p::BatchMut<'_, T, Self::Input>>,
            gradients: p::core::option::Option<&mut Self>,
            scratch: &mut [T],
        ) {
            let input = p::Input::Scalars(forward.input.as_slice());
            p::layer_backward(
                self,
                input,
                forward,
                d_output,
                d_input,
                gradients,
                scratch,
            );
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Parameters for Tall<T> {
        type Scalar = T;
        const LAYOUT: &'static p::Layout = &p::Layout::fields(&[]);
        fn tensor(&self, index: p::usize) -> &[T] {
            p::no_tensor(index)
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Trainable for Tall<T> {
        fn zeros() -> Self {
            Self {
                __scalar: p::core::marker::PhantomData,
            }
        }
        fn state() -> Self {
            Self {
                __scalar: p::core::marker::PhantomData,
            }
        }
        fn init_with<Random: p::rand::Rng + ?p::core::marker::Sized>(
            init: p::Init,
            rng: &mut Random,
        ) -> Self {
            Self {
                __scalar: p::core::marker::PhantomData,
            }
        }
        fn tensor_mut(&mut self, index: p::usize) -> &mut [T] {
            p::no_tensor(index)
        }
        fn clear_statistics(&mut self) {}
        fn move_statistics(&mut self, gradients: &Self) {}
    }
};
#[cfg(test)]
#[allow(dead_code, deprecated)]
fn tall_gradients() {
    p::check_gradients::<Tall<p::f64>>();
}
#[cfg(test)]
#[allow(dead_code, unnameable_test_items, unused_imports, clippy::all, clippy::pedantic)]
mod tall_gradients {
    fn tall_gradients() {}
    #[p::core::prelude::v1::test]
    fn match_differences() {
        use super::*;
        tall_gradients();
    }
}
