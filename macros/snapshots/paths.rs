use ::constgrad::__private as p;

#[allow(non_upper_case_globals, dead_code, deprecated, clippy::all, clippy::pedantic)]
const __Paths_0: p::usize = {
    #[allow(unused_imports)]
    use p::core::panic as __fail;
    let __value: p::usize = WIDTH;
    if __value == 0 {
        __fail!("{}", "a size is 1 or more, but `WIDTH` is 0")
    }
    if __value > p::MOST {
        __fail!("{}", "a size is 4294967295 or less, but `WIDTH` is more")
    }
    __value
};
#[allow(non_upper_case_globals, dead_code, deprecated, clippy::all, clippy::pedantic)]
const __Paths_1: p::usize = {
    #[allow(unused_imports)]
    use p::core::panic as __fail;
    let __value: p::usize = 2 * WIDTH + 3;
    if __value == 0 {
        __fail!("{}", "a size is 1 or more, but `2 * WIDTH + 3` is 0")
    }
    if __value > p::MOST {
        __fail!("{}", "a size is 4294967295 or less, but `2 * WIDTH + 3` is more")
    }
    __value
};
///
/// # Shapes
/// - `image` `[1, 2, WIDTH]`, `side` `[3]`, output `[2 * WIDTH + 3]`
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
struct Paths<T: p::Scalar = p::f32> {
    __scalar: p::core::marker::PhantomData<T>,
}
/// The gradients of the inputs of [`Paths`], one column a sample.
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
#[allow(dead_code)]
struct PathsInputs<T: p::Scalar = p::f32> {
    /// Of `image`, `[1, 2, WIDTH]` a sample.
    image: p::nalgebra::OMatrix<
        T,
        p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
        p::nalgebra::Dyn,
    >,
    /// Of `side`, `[3]` a sample.
    side: p::nalgebra::OMatrix<T, p::nalgebra::Const<3>, p::nalgebra::Dyn>,
}
#[allow(deprecated, non_local_definitions)]
const _: () = {
    #[allow(unused_imports)]
    use p::{
        free as cache, free as d_image, free as d_inputs, free as d_output,
        free as d_side, free as dims, free as flatten1, free as gradients, free as image,
        free as index, free as indices, free as init, free as inputs, free as jacobians,
        free as mode, free as name, free as output, free as output_gradient,
        free as pass, free as replay, free as rng, free as samples, free as scratch,
        free as side, free as slots, free as tape, free as target, free as with_inputs,
        free as workspace,
    };
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> Paths<T> {
        /// The network, which has no parameters: nothing is drawn.
        fn init(rng: &mut (impl p::rand::Rng + ?p::core::marker::Sized)) -> Self {
            p::Trainable::init_with(p::Init::Default, rng)
        }
    }
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> Paths<T> {
        /// The output, `[2 * WIDTH + 3]` a sample, one sample a column.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs differ in their number of samples.
        #[must_use]
        #[track_caller]
        fn predict<Columns>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
        ) -> p::nalgebra::OMatrix<T, p::nalgebra::Const<{ __Paths_1 }>, Columns>
        where
            Columns: p::nalgebra::Dim,
            p::nalgebra::DefaultAllocator: p::nalgebra::allocator::Allocator<
                p::nalgebra::Const<{ __Paths_1 }>,
                Columns,
            >,
        {
            p::predict_columns(
                self,
                &[
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                image.shape_generic().1,
            )
        }
        /// The derivative of each scalar of the output, in prediction, by each of `image`, `side`: a row for each of the output, a matrix for each input.
        ///
        /// - `image`: `[1, 2, WIDTH]` of one sample
        /// - `side`: `[3]` of one sample
        #[must_use]
        #[track_caller]
        fn jacobian(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    p::nalgebra::Const<1>,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<3>,
                    p::nalgebra::Const<1>,
                >,
            >,
        ) -> (
            p::Tensor<
                T,
                { __Paths_1 },
                { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
            >,
            p::Tensor<T, { __Paths_1 }, 3>,
        ) {
            let mut jacobians = p::Jacobians::of(
                self,
                &[
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
            );
            (jacobians.take(), jacobians.take())
        }
        /// A training pass: its output, and later, from the gradient of that, those of the parameters. Nothing is allocated.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs differ in their number of samples, or the workspace is for fewer samples.
        #[track_caller]
        fn forward<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            image: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 2usize, p::nalgebra::Const<{ __Paths_1 }>> {
            p::forward_columns(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::Mode::Training(p::Seed::ZERO),
                workspace,
            )
        }
        /// The same pass as in prediction: nothing is random, and `batch_norm` takes its running statistics.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs differ in their number of samples, or the workspace is for fewer samples.
        #[track_caller]
        fn forward_inference<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            image: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 2usize, p::nalgebra::Const<{ __Paths_1 }>> {
            p::forward_columns(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::Mode::Inference,
                workspace,
            )
        }
        /// The gradients by the parameters and by the inputs, from the gradient of the output.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `d_output`: the gradient of the output, `[2 * WIDTH + 3]` a sample
        ///
        /// # Panics
        /// If the matrices differ in their number of columns.
        #[must_use]
        #[track_caller]
        fn backward<Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            d_output: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ __Paths_1 }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<{ __Paths_1 }>,
                    Columns,
                >,
            >,
        ) -> (Self, PathsInputs<T>) {
            p::backward_columns(
                self,
                &[
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                d_output,
                p::Seed::ZERO,
            )
        }
        /// All buffers of a training step with batches of up to `samples` samples.
        #[must_use]
        fn workspace(samples: p::usize) -> p::Workspace<Self> {
            p::Workspace::new(samples)
        }
        /// The mean loss of the batch.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `target`: `[2 * WIDTH + 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples.
        #[must_use]
        #[track_caller]
        fn loss<'t, Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            target: impl p::IntoTarget<
                't,
                T,
                p::MeanSquaredError,
                { __Paths_1 },
                1,
                Columns,
            >,
        ) -> T {
            p::loss(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::IntoTarget::into_target(target),
            )
        }
        /// The mean loss of the batch and its gradient, by back-propagation.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `target`: `[2 * WIDTH + 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples.
        #[must_use]
        #[track_caller]
        fn gradient<'t, Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            target: impl p::IntoTarget<
                't,
                T,
                p::MeanSquaredError,
                { __Paths_1 },
                1,
                Columns,
            >,
        ) -> (T, Self) {
            p::gradient(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
        /// The mean loss of the batch and its gradient, which stays in the workspace: nothing is allocated.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `target`: `[2 * WIDTH + 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or the workspace is for fewer samples.
        #[track_caller]
        fn gradient_in<'t, 'w, Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            target: impl p::IntoTarget<
                't,
                T,
                p::MeanSquaredError,
                { __Paths_1 },
                1,
                Columns,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> (T, &'w mut Self) {
            p::gradient_in(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
                workspace,
            )
        }
        /// The mean loss of the batch and its gradients by the parameters and by the inputs.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `target`: `[2 * WIDTH + 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples.
        #[must_use]
        #[track_caller]
        fn input_gradient<'t, Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            target: impl p::IntoTarget<
                't,
                T,
                p::MeanSquaredError,
                { __Paths_1 },
                1,
                Columns,
            >,
        ) -> (T, Self, PathsInputs<T>) {
            p::input_gradient(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
        /// The gradient of the mean loss, by central differences.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `target`: `[2 * WIDTH + 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples.
        #[must_use]
        #[track_caller]
        fn numerical_gradient<'t, Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            target: impl p::IntoTarget<
                't,
                T,
                p::MeanSquaredError,
                { __Paths_1 },
                1,
                Columns,
            >,
        ) -> Self {
            p::numerical_gradient(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
        /// Compares the gradients by back-propagation with those by central differences.
        ///
        /// - `image`: `[1, 2, WIDTH]` a sample, one sample a column
        /// - `side`: `[3]` a sample, one sample a column
        /// - `target`: `[2 * WIDTH + 3]` a sample, one sample a column
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples.
        #[must_use]
        #[track_caller]
        fn grad_check<'t, Columns: p::nalgebra::Dim>(
            &self,
            image: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                Columns,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<
                        { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                    >,
                    Columns,
                >,
            >,
            side: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<3>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<3>, Columns>,
            >,
            target: impl p::IntoTarget<
                't,
                T,
                p::MeanSquaredError,
                { __Paths_1 },
                1,
                Columns,
            >,
        ) -> ::constgrad::GradientReport {
            p::grad_check(
                self,
                [
                    p::InputSamples::Scalars(p::columns(image)),
                    p::InputSamples::Scalars(p::columns(side)),
                ],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
    }
    #[allow(dead_code)]
    impl Paths {
        /// Layers, shapes, parameters and multiply-adds, as a table.
        #[must_use]
        const fn summary() -> p::Summary {
            p::Summary::new::<Self>()
        }
    }
    #[automatically_derived]
    #[allow(unused_mut)]
    impl<T: p::Scalar> p::core::convert::From<p::InputGradients<T>> for PathsInputs<T> {
        fn from(mut d_inputs: p::InputGradients<T>) -> Self {
            Self {
                image: p::InputGradients::take(&mut d_inputs),
                side: p::InputGradients::take(&mut d_inputs),
            }
        }
    }
    #[automatically_derived]
    #[allow(non_snake_case, unused_mut, unused_variables, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> p::Network for Paths<T> {
        type Output = p::Rank1<{ __Paths_1 }>;
        type Inputs = PathsInputs<T>;
        type Loss = p::MeanSquaredError;
        const LOSS: Self::Loss = p::MeanSquaredError;
        const SCORES: p::usize = if <p::MeanSquaredError as p::Loss<T>>::PER_POSITION {
            __Paths_1
        } else {
            <Self::Output as p::Shape>::LEN
        };
        const INPUTS: &'static [p::Port] = &[
            p::Port {
                name: "image",
                dims: <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
            p::Port {
                name: "side",
                dims: <p::Rank1<3> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
        ];
        const LAYERS: &'static [p::LayerInfo] = &[];
        const MULTIPLY_ADDS: p::usize = p::sum(&[]);
        const RANDOM: p::bool = p::any(&[]);
        const WHOLE_BATCH: p::bool = p::any(&[]);
        const CACHE: p::usize = p::sum(&[]);
        const SCRATCH: p::usize = p::sum(&[p::max(&[])]);
        const SCRATCH_ONCE: p::usize = p::max(&[]);
        fn forward_slices(
            &self,
            inputs: &[p::Input<'_, T>],
            output: &mut [T],
            cache: &mut [T],
            samples: p::usize,
            mode: p::Mode,
        ) {
            let image = inputs[0usize].scalars::<p::Rank3<1, 2, { __Paths_0 }>>(samples);
            let side = inputs[1usize].scalars::<p::Rank1<3>>(samples);
            let output = p::BatchMut::<T, p::Rank1<{ __Paths_1 }>>::new(output, samples);
            let mut tape = p::Tape::new(cache, samples, mode);
            let flatten1 = image
                .reshape::<
                    p::Rank1<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                >();
            tape.last_concat::<
                    p::Rank1<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 }>,
                >(&[flatten1.as_slice(), side.as_slice()], 1, output.reshape());
        }
        fn backward_slices(
            &self,
            pass: p::Pass<'_, T>,
            d_inputs: p::core::option::Option<&mut [T]>,
            gradients: p::core::option::Option<&mut Self>,
        ) {
            let with_inputs = d_inputs.is_some();
            let mut gradients = gradients;
            let image = pass
                .inputs[0usize]
                .scalars::<p::Rank3<1, 2, { __Paths_0 }>>(pass.samples);
            let side = pass.inputs[1usize].scalars::<p::Rank1<3>>(pass.samples);
            let output = p::Batch::<
                T,
                p::Rank1<{ __Paths_1 }>,
            >::new(pass.output, pass.samples);
            let output_gradient = p::Batch::<
                T,
                p::Rank1<{ __Paths_1 }>,
            >::new(pass.d_output, pass.samples);
            let mut replay = p::Replay::new(pass.cache, pass.samples, pass.mode);
            let flatten1 = image
                .reshape::<
                    p::Rank1<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                >();
            let mut slots = p::Slots::new(pass.scratch, d_inputs, pass.samples);
            let mut d_image = slots.input::<p::Rank3<1, 2, { __Paths_0 }>>();
            let mut d_side = slots.input::<p::Rank1<3>>();
            let scratch = slots.scratch();
            if with_inputs {
                d_image
                    .part::<
                        p::Rank1<{ <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN }>,
                        p::Rank1<
                            { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 },
                        >,
                    >(p::sum(&[]), 1, output_gradient.reshape());
                d_side
                    .part::<
                        p::Rank1<3>,
                        p::Rank1<
                            { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 },
                        >,
                    >(
                        p::sum(
                            &[
                                <p::Rank1<
                                    { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN },
                                > as p::Shape>::LEN,
                            ],
                        ),
                        1,
                        output_gradient.reshape(),
                    );
            }
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Parameters for Paths<T> {
        type Scalar = T;
        const LAYOUT: &'static p::Layout = &p::Layout::fields(&[]);
        fn tensor(&self, index: p::usize) -> &[T] {
            p::no_tensor(index)
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Trainable for Paths<T> {
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
#[allow(deprecated)]
const _: () = {
    use p::core::panic as __fail;
    const __MESSAGE: p::Message = p::Message::new()
        .text("`Paths` declares the output ")
        .dims(<p::Rank1<{ __Paths_1 }> as p::Shape>::DIMS)
        .text(", but its body computes ")
        .dims(
            <p::Rank1<
                { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 },
            > as p::Shape>::DIMS,
        )
        .text("\n= note: ")
        .text("`concat(image.flatten(), side)` ")
        .dims(
            <p::Rank1<
                { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 },
            > as p::Shape>::DIMS,
        )
        .text("\n= help: ")
        .text("declare `-> ")
        .dims(
            <p::Rank1<
                { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 },
            > as p::Shape>::DIMS,
        )
        .text("`, or change the layers of the body")
        .text(", for example to end with `.affine(2 * WIDTH + 3)`");
    if !(p::same_dims(
        <p::Rank1<
            { <p::Rank3<1, 2, { __Paths_0 }> as p::Shape>::LEN + 3 },
        > as p::Shape>::DIMS,
        <p::Rank1<{ __Paths_1 }> as p::Shape>::DIMS,
    )) {
        __fail!("{}", __MESSAGE.as_str())
    }
};
#[cfg(test)]
#[allow(dead_code, deprecated)]
fn paths_gradients() {
    p::check_gradients::<Paths<p::f64>>();
}
#[cfg(test)]
#[allow(dead_code, unnameable_test_items, unused_imports, clippy::all, clippy::pedantic)]
mod paths_gradients {
    fn paths_gradients() {}
    #[p::core::prelude::v1::test]
    fn match_differences() {
        use super::*;
        paths_gradients();
    }
}
