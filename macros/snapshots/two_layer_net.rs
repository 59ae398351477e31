use ::constgrad::__private as p;

/// The two-layer classifier of the book.
///
/// # Shapes
/// - `x` `[784]`, output `[10]`
///
/// # Layers
/// | layer | kind | output | parameters |
/// |---|---|---|---|
/// | `affine1` | `affine` | `[50]` | `39250` |
/// | `relu1` | `relu` | `[50]` |  |
/// | `affine2` | `affine` | `[10]` | `510` |
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
pub struct TwoLayerNet<T: p::Scalar = p::f32> {
    /// `affine`, output `[50]`.
    pub affine1: p::Affine<T, 784, 50>,
    /// `affine`, output `[10]`.
    pub affine2: p::Affine<T, 50, 10>,
}
/// The gradients of the inputs of [`TwoLayerNet`], one column a sample.
#[derive(p::core::clone::Clone, p::core::fmt::Debug, p::core::cmp::PartialEq)]
#[allow(dead_code)]
pub struct TwoLayerNetInputs<T: p::Scalar = p::f32> {
    /// Of `x`, `[784]` a sample.
    pub x: p::nalgebra::OMatrix<T, p::nalgebra::Const<784>, p::nalgebra::Dyn>,
}
#[allow(deprecated, non_local_definitions)]
const _: () = {
    #[allow(unused_imports)]
    use p::{
        free as affine1, free as affine2, free as cache, free as d_input,
        free as d_inputs, free as d_output, free as d_relu1, free as d_x, free as dims,
        free as forward, free as gradients, free as index, free as indices, free as init,
        free as input, free as inputs, free as jacobians, free as kind,
        free as least_samples, free as mode, free as multiply_adds, free as name,
        free as output, free as output_gradient, free as parameters, free as pass,
        free as relu1, free as replay, free as rest, free as rng, free as samples,
        free as scratch, free as seed, free as slots, free as tape, free as target,
        free as with_inputs, free as workspace, free as x,
    };
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> TwoLayerNet<T> {
        /// A fresh network: weights drawn as its declaration says or as suits each layer, biases zero.
        pub fn init(rng: &mut (impl p::rand::Rng + ?p::core::marker::Sized)) -> Self {
            p::Trainable::init_with(p::Init::Default, rng)
        }
    }
    #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> TwoLayerNet<T> {
        /// The output, `[10]` a sample, one sample a column.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        #[must_use]
        #[track_caller]
        pub fn predict<Columns>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
        ) -> p::nalgebra::OMatrix<T, p::nalgebra::Const<10>, Columns>
        where
            Columns: p::nalgebra::Dim,
            p::nalgebra::DefaultAllocator: p::nalgebra::allocator::Allocator<
                p::nalgebra::Const<10>,
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
        /// - `x`: `[784]` of one sample
        #[must_use]
        #[track_caller]
        pub fn jacobian(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                p::nalgebra::Const<1>,
                impl p::nalgebra::RawStorage<
                    T,
                    p::nalgebra::Const<784>,
                    p::nalgebra::Const<1>,
                >,
            >,
        ) -> p::Tensor<T, 10, 784> {
            let mut jacobians = p::Jacobians::of(
                self,
                &[p::InputSamples::Scalars(p::columns(x))],
            );
            jacobians.take()
        }
        /// A training pass: its output, and later, from the gradient of that, those of the parameters. Nothing is allocated.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        ///
        /// # Panics
        /// If the workspace is for fewer samples.
        #[track_caller]
        pub fn forward<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            x: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 1usize, p::nalgebra::Const<10>> {
            p::forward_columns(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::Mode::Training(p::Seed::ZERO),
                workspace,
            )
        }
        /// The same pass as in prediction: nothing is random, and `batch_norm` takes its running statistics.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        ///
        /// # Panics
        /// If the workspace is for fewer samples.
        #[track_caller]
        pub fn forward_inference<'n, 'w, Columns: p::nalgebra::Dim>(
            &'n self,
            x: &'n p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            workspace: &'w mut p::Workspace<Self>,
        ) -> p::ForwardPass<'n, 'w, Self, 1usize, p::nalgebra::Const<10>> {
            p::forward_columns(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::Mode::Inference,
                workspace,
            )
        }
        /// The gradients by the parameters and by the inputs, from the gradient of the output.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `d_output`: the gradient of the output, `[10]` a sample
        ///
        /// # Panics
        /// If the matrices differ in their number of columns.
        #[must_use]
        #[track_caller]
        pub fn backward<Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            d_output: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<10>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<10>, Columns>,
            >,
        ) -> (Self, TwoLayerNetInputs<T>) {
            p::backward_columns(
                self,
                &[p::InputSamples::Scalars(p::columns(x))],
                d_output,
                p::Seed::ZERO,
            )
        }
        /// All buffers of a training step with batches of up to `samples` samples.
        #[must_use]
        pub fn workspace(samples: p::usize) -> p::Workspace<Self> {
            p::Workspace::new(samples)
        }
        /// The mean loss of the batch.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or a class does not exist.
        #[must_use]
        #[track_caller]
        pub fn loss<'t, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
        ) -> T {
            p::loss(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
            )
        }
        /// The share of right answers, between 0 and 1.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or a class does not exist.
        #[must_use]
        #[track_caller]
        pub fn accuracy<'t, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
        ) -> p::f64 {
            p::accuracy(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
            )
        }
        /// The mean loss of the batch and its gradient, by back-propagation.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or a class does not exist.
        #[must_use]
        #[track_caller]
        pub fn gradient<'t, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
        ) -> (T, Self) {
            p::gradient(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
        /// The mean loss of the batch and its gradient, which stays in the workspace: nothing is allocated.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, a class does not exist, or the workspace is for fewer samples.
        #[track_caller]
        pub fn gradient_in<'t, 'w, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
            workspace: &'w mut p::Workspace<Self>,
        ) -> (T, &'w mut Self) {
            p::gradient_in(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
                workspace,
            )
        }
        /// The mean loss of the batch and its gradients by the parameters and by the inputs.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or a class does not exist.
        #[must_use]
        #[track_caller]
        pub fn input_gradient<'t, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
        ) -> (T, Self, TwoLayerNetInputs<T>) {
            p::input_gradient(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
        /// The gradient of the mean loss, by central differences.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or a class does not exist.
        #[must_use]
        #[track_caller]
        pub fn numerical_gradient<'t, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
        ) -> Self {
            p::numerical_gradient(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
        /// Compares the gradients by back-propagation with those by central differences.
        ///
        /// - `x`: `[784]` a sample, one sample a column
        /// - `target`: `[10]` a sample, one sample a column, or a class index, `usize` or `u8`, for each
        ///
        /// # Panics
        /// If the inputs and the target differ in their number of samples, or a class does not exist.
        #[must_use]
        #[track_caller]
        pub fn grad_check<'t, Columns: p::nalgebra::Dim>(
            &self,
            x: &p::nalgebra::Matrix<
                T,
                p::nalgebra::Const<784>,
                Columns,
                impl p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, Columns>,
            >,
            target: impl p::IntoTarget<'t, T, p::SoftmaxCrossEntropy, 10, 1, Columns>,
        ) -> ::constgrad::GradientReport {
            p::grad_check(
                self,
                [p::InputSamples::Scalars(p::columns(x))],
                p::IntoTarget::into_target(target),
                p::Seed::ZERO,
            )
        }
    }
    #[allow(dead_code)]
    impl TwoLayerNet {
        /// Layers, shapes, parameters and multiply-adds, as a table.
        #[must_use]
        pub const fn summary() -> p::Summary {
            p::Summary::new::<Self>()
        }
    }
    #[automatically_derived]
    #[allow(unused_mut)]
    impl<T: p::Scalar> p::core::convert::From<p::InputGradients<T>>
    for TwoLayerNetInputs<T> {
        fn from(mut d_inputs: p::InputGradients<T>) -> Self {
            Self {
                x: p::InputGradients::take(&mut d_inputs),
            }
        }
    }
    #[automatically_derived]
    #[allow(non_snake_case, unused_mut, unused_variables, clippy::all, clippy::pedantic)]
    impl<T: p::Scalar> p::Network for TwoLayerNet<T> {
        type Output = p::Rank1<10>;
        type Inputs = TwoLayerNetInputs<T>;
        type Loss = p::SoftmaxCrossEntropy;
        const LOSS: Self::Loss = p::SoftmaxCrossEntropy::new(0f64, &[]);
        const SCORES: p::usize = if <p::SoftmaxCrossEntropy as p::Loss<
            T,
        >>::PER_POSITION {
            10
        } else {
            <Self::Output as p::Shape>::LEN
        };
        const INPUTS: &'static [p::Port] = &[
            p::Port {
                name: "x",
                dims: <p::Rank1<784> as p::Shape>::DIMS,
                indices: p::core::option::Option::None,
            },
        ];
        const LAYERS: &'static [p::LayerInfo] = &[
            p::LayerInfo {
                name: "affine1",
                kind: "affine",
                dims: <p::Rank1<50> as p::Shape>::DIMS,
                parameters: <p::Affine<T, 784, 50> as p::Parameters>::COUNT,
                multiply_adds: <p::Affine<T, 784, 50> as p::Layer<T>>::MULTIPLY_ADDS,
                least_samples: <p::Affine<T, 784, 50> as p::Layer<T>>::LEAST_SAMPLES,
            },
            p::LayerInfo {
                name: "relu1",
                kind: "relu",
                dims: <p::Rank1<50> as p::Shape>::DIMS,
                parameters: 0,
                multiply_adds: <p::Map<
                    p::Relu,
                    p::Rank1<50>,
                > as p::Layer<T>>::MULTIPLY_ADDS,
                least_samples: <p::Map<
                    p::Relu,
                    p::Rank1<50>,
                > as p::Layer<T>>::LEAST_SAMPLES,
            },
            p::LayerInfo {
                name: "affine2",
                kind: "affine",
                dims: <p::Rank1<10> as p::Shape>::DIMS,
                parameters: <p::Affine<T, 50, 10> as p::Parameters>::COUNT,
                multiply_adds: <p::Affine<T, 50, 10> as p::Layer<T>>::MULTIPLY_ADDS,
                least_samples: <p::Affine<T, 50, 10> as p::Layer<T>>::LEAST_SAMPLES,
            },
        ];
        const MULTIPLY_ADDS: p::usize = p::sum(
            &[
                <p::Affine<T, 784, 50> as p::Layer<T>>::MULTIPLY_ADDS,
                <p::Map<p::Relu, p::Rank1<50>> as p::Layer<T>>::MULTIPLY_ADDS,
                <p::Affine<T, 50, 10> as p::Layer<T>>::MULTIPLY_ADDS,
            ],
        );
        const RANDOM: p::bool = p::any(
            &[
                <p::Affine<T, 784, 50> as p::Layer<T>>::RANDOM,
                <p::Map<p::Relu, p::Rank1<50>> as p::Layer<T>>::RANDOM,
                <p::Affine<T, 50, 10> as p::Layer<T>>::RANDOM,
            ],
        );
        const WHOLE_BATCH: p::bool = p::any(
            &[
                <p::Affine<T, 784, 50> as p::Layer<T>>::WHOLE_BATCH,
                <p::Map<p::Relu, p::Rank1<50>> as p::Layer<T>>::WHOLE_BATCH,
                <p::Affine<T, 50, 10> as p::Layer<T>>::WHOLE_BATCH,
            ],
        );
        const CACHE: p::usize = p::sum(
            &[
                <p::Rank1<50> as p::Shape>::LEN,
                p::kept_before(
                    <p::Affine<T, 784, 50> as p::Layer<T>>::READS_OUTPUT,
                    <p::Relu as p::Activation>::FROM_OUTPUT,
                    <p::Rank1<50> as p::Shape>::LEN,
                ),
                <p::Affine<T, 784, 50> as p::Layer<T>>::CACHE,
                <p::Map<p::Relu, p::Rank1<50>> as p::Layer<T>>::CACHE,
                <p::Affine<T, 50, 10> as p::Layer<T>>::CACHE,
            ],
        );
        const SCRATCH: p::usize = p::sum(
            &[
                <p::Rank1<50> as p::Shape>::LEN,
                p::max(
                    &[
                        <p::Affine<T, 784, 50> as p::Layer<T>>::SCRATCH,
                        <p::Map<p::Relu, p::Rank1<50>> as p::Layer<T>>::SCRATCH,
                        <p::Affine<T, 50, 10> as p::Layer<T>>::SCRATCH,
                    ],
                ),
            ],
        );
        const SCRATCH_ONCE: p::usize = p::max(
            &[
                <p::Affine<T, 784, 50> as p::Layer<T>>::SCRATCH_ONCE,
                <p::Map<p::Relu, p::Rank1<50>> as p::Layer<T>>::SCRATCH_ONCE,
                <p::Affine<T, 50, 10> as p::Layer<T>>::SCRATCH_ONCE,
            ],
        );
        fn forward_slices(
            &self,
            inputs: &[p::Input<'_, T>],
            output: &mut [T],
            cache: &mut [T],
            samples: p::usize,
            mode: p::Mode,
        ) {
            let x = inputs[0usize].scalars::<p::Rank1<784>>(samples);
            let output = p::BatchMut::<T, p::Rank1<10>>::new(output, samples);
            let mut tape = p::Tape::new(cache, samples, mode);
            let relu1 = tape
                .activated(
                    &self.affine1,
                    x,
                    &p::Map::<p::Relu, p::Rank1<50>>::new(p::Relu),
                );
            tape.last(&self.affine2, relu1, output);
        }
        fn backward_slices(
            &self,
            pass: p::Pass<'_, T>,
            d_inputs: p::core::option::Option<&mut [T]>,
            gradients: p::core::option::Option<&mut Self>,
        ) {
            let with_inputs = d_inputs.is_some();
            let mut gradients = gradients;
            let x = pass.inputs[0usize].scalars::<p::Rank1<784>>(pass.samples);
            let output = p::Batch::<T, p::Rank1<10>>::new(pass.output, pass.samples);
            let output_gradient = p::Batch::<
                T,
                p::Rank1<10>,
            >::new(pass.d_output, pass.samples);
            let mut replay = p::Replay::new(pass.cache, pass.samples, pass.mode);
            let relu1 = replay
                .activated(
                    &self.affine1,
                    x,
                    &p::Map::<p::Relu, p::Rank1<50>>::new(p::Relu),
                );
            let affine2 = replay.last(&self.affine2, relu1.output, output);
            let mut slots = p::Slots::new(pass.scratch, d_inputs, pass.samples);
            let mut d_x = slots.input::<p::Rank1<784>>();
            let mut d_relu1 = slots.value::<p::Rank1<50>>();
            let scratch = slots.scratch();
            d_relu1
                .layer(
                    &self.affine2,
                    affine2,
                    output_gradient,
                    gradients.as_deref_mut().map(|gradients| &mut gradients.affine2),
                    scratch,
                );
            d_relu1.activated(&p::Map::<p::Relu, p::Rank1<50>>::new(p::Relu), relu1);
            d_x.layer(
                &self.affine1,
                relu1.layer,
                d_relu1.gradient(),
                gradients.as_deref_mut().map(|gradients| &mut gradients.affine1),
                scratch,
            );
        }
    }
    #[automatically_derived]
    impl<T: p::Scalar> p::Layer<T> for TwoLayerNet<T> {
        type Input = p::Rank1<784>;
        type Output = p::Rank1<10>;
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
    impl<T: p::Scalar> p::Parameters for TwoLayerNet<T> {
        type Scalar = T;
        const LAYOUT: &'static p::Layout = &p::Layout::fields(
            &[
                ("affine1", <p::Affine<T, 784, 50> as p::Parameters>::LAYOUT),
                ("affine2", <p::Affine<T, 50, 10> as p::Parameters>::LAYOUT),
            ],
        );
        fn tensor(&self, index: p::usize) -> &[T] {
            let index = match p::locate::<p::Affine<T, 784, 50>>(index) {
                p::core::result::Result::Ok(index) => {
                    return p::Parameters::tensor(&self.affine1, index);
                }
                p::core::result::Result::Err(rest) => rest,
            };
            let index = match p::locate::<p::Affine<T, 50, 10>>(index) {
                p::core::result::Result::Ok(index) => {
                    return p::Parameters::tensor(&self.affine2, index);
                }
                p::core::result::Result::Err(rest) => rest,
            };
            p::no_tensor(index)
        }
    }
    #[automatically_derived]
    #[allow(unused_variables)]
    impl<T: p::Scalar> p::Trainable for TwoLayerNet<T> {
        fn zeros() -> Self {
            Self {
                affine1: p::Trainable::zeros(),
                affine2: p::Trainable::zeros(),
            }
        }
        fn state() -> Self {
            Self {
                affine1: p::Trainable::state(),
                affine2: p::Trainable::state(),
            }
        }
        fn init_with<Random: p::rand::Rng + ?p::core::marker::Sized>(
            init: p::Init,
            rng: &mut Random,
        ) -> Self {
            Self {
                affine1: p::Trainable::init_with(init.or(p::Init::He), rng),
                affine2: p::Trainable::init_with(init.or(p::Init::Xavier), rng),
            }
        }
        fn tensor_mut(&mut self, index: p::usize) -> &mut [T] {
            let index = match p::locate::<p::Affine<T, 784, 50>>(index) {
                p::core::result::Result::Ok(index) => {
                    return p::Trainable::tensor_mut(&mut self.affine1, index);
                }
                p::core::result::Result::Err(rest) => rest,
            };
            let index = match p::locate::<p::Affine<T, 50, 10>>(index) {
                p::core::result::Result::Ok(index) => {
                    return p::Trainable::tensor_mut(&mut self.affine2, index);
                }
                p::core::result::Result::Err(rest) => rest,
            };
            p::no_tensor(index)
        }
        fn clear_statistics(&mut self) {
            <p::Affine<T, 784, 50> as p::Trainable>::clear_statistics(&mut self.affine1);
            <p::Affine<T, 50, 10> as p::Trainable>::clear_statistics(&mut self.affine2);
        }
        fn move_statistics(&mut self, gradients: &Self) {
            <p::Affine<
                T,
                784,
                50,
            > as p::Trainable>::move_statistics(&mut self.affine1, &gradients.affine1);
            <p::Affine<
                T,
                50,
                10,
            > as p::Trainable>::move_statistics(&mut self.affine2, &gradients.affine2);
        }
    }
};
#[cfg(test)]
#[allow(dead_code, deprecated)]
fn two_layer_net_gradients() {
    p::check_gradients::<TwoLayerNet<p::f64>>();
}
#[cfg(test)]
#[allow(dead_code, unnameable_test_items, unused_imports, clippy::all, clippy::pedantic)]
mod two_layer_net_gradients {
    fn two_layer_net_gradients() {}
    #[p::core::prelude::v1::test]
    fn match_differences() {
        use super::*;
        two_layer_net_gradients();
    }
}
