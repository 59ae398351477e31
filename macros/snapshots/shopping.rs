use ::constgrad::__private as p;

///
/// # Shapes
/// - `apple` `[1]`, `apples` `[1]`, `orange` `[1]`, `oranges` `[1]`, `tax` `[1]`, output `[1]`
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
pub struct Shopping<T: p::Scalar = p::f32> {
    __scalar: p::core::marker::PhantomData<T>,
}
/// The gradients of the inputs of [`Shopping`], one column a sample.
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
#[allow(dead_code)]
pub struct ShoppingInputs<T: p::Scalar = p::f32> {
    /// Of `apple`, `[1]` a sample.
    pub apple: p::nalgebra::OMatrix<T, p::nalgebra::Const<1>, p::nalgebra::Dyn>,
    /// Of `apples`, `[1]` a sample.
    pub apples: p::nalgebra::OMatrix<T, p::nalgebra::Const<1>, p::nalgebra::Dyn>,
    /// Of `orange`, `[1]` a sample.
    pub orange: p::nalgebra::OMatrix<T, p::nalgebra::Const<1>, p::nalgebra::Dyn>,
    /// Of `oranges`, `[1]` a sample.
    pub oranges: p::nalgebra::OMatrix<T, p::nalgebra::Const<1>, p::nalgebra::Dyn>,
    /// Of `tax`, `[1]` a sample.
    pub tax: p::nalgebra::OMatrix<T, p::nalgebra::Const<1>, p::nalgebra::Dyn>,
}
#[allow(deprecated, non_local_definitions)]
const _: () = {
    #[allow(unused_imports)]
    use p::{
        free as add1, free as apple, free as apple_price, free as apples, free as cache,
        free as d_add1, free as d_apple, free as d_apple_price, free as d_apples,
        free as d_inputs, free as d_orange, free as d_orange_price, free as d_oranges,
        free as d_output, free as d_tax, free as dims, free as gradients, free as index,
        free as indices, free as init, free as inputs, free as jacobians, free as mode,
        free as name, free as orange, free as orange_price, free as oranges,
        free as output, free as output_gradient, free as pass, free as replay,
        free as rng, free as samples, free as scratch, free as slots, free as tape,
        free as tax, free as with_inputs, free as workspace,
    };
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> Shopping<T> {
        /// The network, which has no parameters: nothing is drawn.
        pub fn init(rng: &mut (impl p::rand::Rng + ?p::core::marker::Sized)) -> Self {
            p::Trainable::init_with(p::Init::Default, rng)
        }
    }
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> Shopping<T> {
        /// The output, `[1]` a sample, one sample a column.
        ///
        /// - `apple`: `[1]` a sample, one sample a column
        /// - `apples`: `[1]` a sample, one sample a column
        /// - `orange`: `[1]` a sample, one sample a column
        /// - `oranges`: `[1]` a sample, one sample a column
        /// - `tax`: `[1]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs differ in their number of samples.
        #[must_use]
        #[track_caller]
        pub fn predict<Columns>(
            &self,
            apple: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            apples: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            orange: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            oranges: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            tax: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
        ) -> p::nalgebra::OMatrix<T, p::nalgebra::Const<1>, Columns>
        where
            Columns: p::nalgebra::Dim,
            p::nalgebra::DefaultAllocator: p::nalgebra::allocator::Allocator<
                p::nalgebra::Const<1>,
                Columns,
            >,
        {
            p::predict_columns(
                self,
                &[
                    p::InputSamples::Scalars(p::columns(apple)),
                    p::InputSamples::Scalars(p::columns(apples)),
                    p::InputSamples::Scalars(p::columns(orange)),
                    p::InputSamples::Scalars(p::columns(oranges)),
                    p::InputSamples::Scalars(p::columns(tax)),
                ],
                apple.shape_generic().1,
            )
        }
        /// The derivative of each scalar of the output, in prediction, by each of `apple`, `apples`, `orange`, `oranges`, `tax`: a row for each of the output, a matrix for each input.
        ///
        /// - `apple`: `[1]` of one sample
        /// - `apples`: `[1]` of one sample
        /// - `orange`: `[1]` of one sample
        /// - `oranges`: `[1]` of one sample
        /// - `tax`: `[1]` of one sample
        #[must_use]
        #[track_caller]
        pub fn jacobian(
            &self,
            apple: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<1>,
                    p::nalgebra::Const<1>,
                >,
            >,
            apples: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<1>,
                    p::nalgebra::Const<1>,
                >,
            >,
            orange: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<1>,
                    p::nalgebra::Const<1>,
                >,
            >,
            oranges: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<1>,
                    p::nalgebra::Const<1>,
                >,
            >,
            tax: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<1>,
                    p::nalgebra::Const<1>,
                >,
            >,
        ) -> (
            p::Tensor<T, 1, 1>,
            p::Tensor<T, 1, 1>,
            p::Tensor<T, 1, 1>,
            p::Tensor<T, 1, 1>,
            p::Tensor<T, 1, 1>,
        ) {
            let mut jacobians = p::Jacobians::of(
                self,
                &[
                    p::InputSamples::Scalars(p::columns(apple)),
                    p::InputSamples::Scalars(p::columns(apples)),
                    p::InputSamples::Scalars(p::columns(orange)),
                    p::InputSamples::Scalars(p::columns(oranges)),
                    p::InputSamples::Scalars(p::columns(tax)),
                ],
            );
            (
                jacobians.take(),
                jacobians.take(),
                jacobians.take(),
                jacobians.take(),
                jacobians.take(),
            )
        }
        /// A training pass: its output, and later, from the gradient of that, those of the parameters. Nothing is allocated.
        ///
        /// - `apple`: `[1]` a sample, one sample a column
        /// - `apples`: `[1]` a sample, one sample a column
        /// - `orange`: `[1]` a sample, one sample a column
        /// - `oranges`: `[1]` a sample, one sample a column
        /// - `tax`: `[1]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs differ in their number of samples, or the workspace is for fewer samples.
        #[track_caller]
        pub fn forward<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            apple: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            apples: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            orange: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            oranges: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            tax: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 5usize, p::nalgebra::Const<1>> {
            p::forward_columns(
                self,
                [
                    p::InputSamples::Scalars(p::columns(apple)),
                    p::InputSamples::Scalars(p::columns(apples)),
                    p::InputSamples::Scalars(p::columns(orange)),
                    p::InputSamples::Scalars(p::columns(oranges)),
                    p::InputSamples::Scalars(p::columns(tax)),
                ],
                p::Mode::Training(p::Seed::ZERO),
                workspace,
            )
        }
        /// The same pass as in prediction: nothing is random, and `batch_norm` takes its running statistics.
        ///
        /// - `apple`: `[1]` a sample, one sample a column
        /// - `apples`: `[1]` a sample, one sample a column
        /// - `orange`: `[1]` a sample, one sample a column
        /// - `oranges`: `[1]` a sample, one sample a column
        /// - `tax`: `[1]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs differ in their number of samples, or the workspace is for fewer samples.
        #[track_caller]
        pub fn forward_inference<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            apple: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            apples: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            orange: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            oranges: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            tax: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 5usize, p::nalgebra::Const<1>> {
            p::forward_columns(
                self,
                [
                    p::InputSamples::Scalars(p::columns(apple)),
                    p::InputSamples::Scalars(p::columns(apples)),
                    p::InputSamples::Scalars(p::columns(orange)),
                    p::InputSamples::Scalars(p::columns(oranges)),
                    p::InputSamples::Scalars(p::columns(tax)),
                ],
                p::Mode::Inference,
                workspace,
            )
        }
        /// The gradients by the parameters and by the inputs, from the gradient of the output.
        ///
        /// - `apple`: `[1]` a sample, one sample a column
        /// - `apples`: `[1]` a sample, one sample a column
        /// - `orange`: `[1]` a sample, one sample a column
        /// - `oranges`: `[1]` a sample, one sample a column
        /// - `tax`: `[1]` a sample, one sample a column
        /// - `d_output`: the gradient of the output, `[1]` a sample
        ///
        /// # Panics
        /// If the matrices differ in their number of columns.
        #[must_use]
        #[track_caller]
        pub fn backward<Columns: p::nalgebra::Dim>(
            &self,
            apple: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            apples: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            orange: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            oranges: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            tax: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
            d_output: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<1>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<1>, Columns>,
            >,
        ) -> (Self, ShoppingInputs<T>) {
            p::backward_columns(
                self,
                &[
                    p::InputSamples::Scalars(p::columns(apple)),
                    p::InputSamples::Scalars(p::columns(apples)),
                    p::InputSamples::Scalars(p::columns(orange)),
                    p::InputSamples::Scalars(p::columns(oranges)),
                    p::InputSamples::Scalars(p::columns(tax)),
                ],
                d_output,
                p::Seed::ZERO,
            )
        }
        /// All buffers of a training step with batches of up to `samples` samples.
        #[must_use]
        pub fn workspace(samples: p::usize) -> p::Workspace<Self> {
            p::Workspace::new(samples)
        }
    }
    #[allow(dead_code)]
    impl Shopping {
        /// Layers, shapes, parameters and multiply-adds, as a table.
        #[must_use]
        pub const fn summary() -> p::Summary {
            p::Summary::new::<Self>()
        }
    }
    #[automatically_derived]
    #[allow(unused_mut)]
    impl<T: p::Scalar> p::core::convert::From<p::InputGradients<T>>
    for ShoppingInputs<T> {
        fn from(mut d_inputs: p::InputGradients<T>) -> Self {
            Self {
                apple: p::InputGradients::take(&mut d_inputs),
                apples: p::InputGradients::take(&mut d_inputs),
                orange: p::InputGradients::take(&mut d_inputs),
                oranges: p::InputGradients::take(&mut d_inputs),
                tax: p::InputGradients::take(&mut d_inputs),
            }
        }
    }
    #[automatically_derived]
    #[allow(non_snake_case, unused_mut, unused_variables, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> p::Network for Shopping<T> {
        type Output = p::Rank1<1>;
        type Inputs = ShoppingInputs<T>;
        type Loss = p::NoLoss;
        const LOSS: Self::Loss = p::NoLoss;
        const SCORES: p::usize = <Self::Output as p::Shape>::LEN;
        const INPUTS: &'static [p::Port] = &[
            p::Port {
                name: "apple",
                dims: <p::Rank1<1> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
            p::Port {
                name: "apples",
                dims: <p::Rank1<1> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
            p::Port {
                name: "orange",
                dims: <p::Rank1<1> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
            p::Port {
                name: "oranges",
                dims: <p::Rank1<1> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
            p::Port {
                name: "tax",
                dims: <p::Rank1<1> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
        ];
        const LAYERS: &'static [p::LayerInfo] = &[];
        const MULTIPLY_ADDS: p::usize = p::sum(&[]);
        const RANDOM: p::bool = p::any(&[]);
        const WHOLE_BATCH: p::bool = p::any(&[]);
        const CACHE: p::usize = p::sum(
            &[
                <p::Rank1<1> as p::Shape>::LEN,
                <p::Rank1<1> as p::Shape>::LEN,
                <p::Rank1<1> as p::Shape>::LEN,
            ],
        );
        const SCRATCH: p::usize = p::sum(
            &[
                <p::Rank1<1> as p::Shape>::LEN,
                <p::Rank1<1> as p::Shape>::LEN,
                <p::Rank1<1> as p::Shape>::LEN,
                p::max(&[]),
            ],
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
            let apple = inputs[0usize].scalars::<p::Rank1<1>>(samples);
            let apples = inputs[1usize].scalars::<p::Rank1<1>>(samples);
            let orange = inputs[2usize].scalars::<p::Rank1<1>>(samples);
            let oranges = inputs[3usize].scalars::<p::Rank1<1>>(samples);
            let tax = inputs[4usize].scalars::<p::Rank1<1>>(samples);
            let output = p::BatchMut::<T, p::Rank1<1>>::new(output, samples);
            let mut tape = p::Tape::new(cache, samples, mode);
            let apple_price = tape.binary::<p::Rank1<1>>(p::Mul, apple, apples);
            let orange_price = tape.binary::<p::Rank1<1>>(p::Mul, orange, oranges);
            let add1 = tape.binary::<p::Rank1<1>>(p::Add, apple_price, orange_price);
            tape.last_binary::<p::Rank1<1>>(p::Mul, add1, tax, output);
        }
        fn backward_slices(
            &self,
            pass: p::Pass<'_, T>,
            d_inputs: p::core::option::Option<&mut [T]>,
            gradients: p::core::option::Option<&mut Self>,
        ) {
            let with_inputs = d_inputs.is_some();
            let mut gradients = gradients;
            let apple = pass.inputs[0usize].scalars::<p::Rank1<1>>(pass.samples);
            let apples = pass.inputs[1usize].scalars::<p::Rank1<1>>(pass.samples);
            let orange = pass.inputs[2usize].scalars::<p::Rank1<1>>(pass.samples);
            let oranges = pass.inputs[3usize].scalars::<p::Rank1<1>>(pass.samples);
            let tax = pass.inputs[4usize].scalars::<p::Rank1<1>>(pass.samples);
            let output = p::Batch::<T, p::Rank1<1>>::new(pass.output, pass.samples);
            let output_gradient = p::Batch::<
                T,
                p::Rank1<1>,
            >::new(pass.d_output, pass.samples);
            let mut replay = p::Replay::new(pass.cache, pass.samples, pass.mode);
            let apple_price = replay.value::<p::Rank1<1>>();
            let orange_price = replay.value::<p::Rank1<1>>();
            let add1 = replay.value::<p::Rank1<1>>();
            let mut slots = p::Slots::new(pass.scratch, d_inputs, pass.samples);
            let mut d_apple = slots.input::<p::Rank1<1>>();
            let mut d_apples = slots.input::<p::Rank1<1>>();
            let mut d_orange = slots.input::<p::Rank1<1>>();
            let mut d_oranges = slots.input::<p::Rank1<1>>();
            let mut d_tax = slots.input::<p::Rank1<1>>();
            let mut d_apple_price = slots.value::<p::Rank1<1>>().only_if(with_inputs);
            let mut d_orange_price = slots.value::<p::Rank1<1>>().only_if(with_inputs);
            let mut d_add1 = slots.value::<p::Rank1<1>>().only_if(with_inputs);
            let scratch = slots.scratch();
            if with_inputs {
                d_add1.left::<p::Rank1<1>>(p::Mul, add1, tax, output_gradient);
                d_tax.right::<p::Rank1<1>>(p::Mul, add1, tax, output_gradient);
            }
            if with_inputs {
                d_apple_price
                    .left::<
                        p::Rank1<1>,
                    >(p::Add, apple_price, orange_price, d_add1.gradient());
                d_orange_price
                    .right::<
                        p::Rank1<1>,
                    >(p::Add, apple_price, orange_price, d_add1.gradient());
            }
            if with_inputs {
                d_orange
                    .left::<
                        p::Rank1<1>,
                    >(p::Mul, orange, oranges, d_orange_price.gradient());
                d_oranges
                    .right::<
                        p::Rank1<1>,
                    >(p::Mul, orange, oranges, d_orange_price.gradient());
            }
            if with_inputs {
                d_apple
                    .left::<
                        p::Rank1<1>,
                    >(p::Mul, apple, apples, d_apple_price.gradient());
                d_apples
                    .right::<
                        p::Rank1<1>,
                    >(p::Mul, apple, apples, d_apple_price.gradient());
            }
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Parameters for Shopping<T> {
        type Scalar = T;
        const LAYOUT: &'static p::Layout = &p::Layout::fields(&[]);
        fn tensor(&self, index: p::usize) -> &[T] {
            p::no_tensor(index)
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Trainable for Shopping<T> {
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
fn shopping_gradients() {
    p::check_gradients::<Shopping<p::f64>>();
}
#[cfg(test)]
#[allow(dead_code, unnameable_test_items, unused_imports, clippy::all, clippy::pedantic)]
mod shopping_gradients {
    fn shopping_gradients() {}
    #[p::core::prelude::v1::test]
    fn match_differences() {
        use super::*;
        shopping_gradients();
    }
}
