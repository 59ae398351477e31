//! The expansion of `network!`, by hand.
use cg::layer::{Affine, Relu};
use cg::loss::SoftmaxCrossEntropy;
use cg::{__private as p, Rank1};
use constgrad as cg;

#[derive(Clone, Debug, PartialEq)]
pub struct TwoLayerNet<T: cg::Scalar = f32> {
    pub affine1: Affine<T, 784, 50>,
    pub affine2: Affine<T, 50, 10>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TwoLayerNetInputs<T: cg::Scalar = f32> {
    pub x: p::nalgebra::OMatrix<T, p::nalgebra::Const<784>, p::nalgebra::Dyn>,
}

impl<T: cg::Scalar> TwoLayerNet<T> {
    pub fn init<R: p::rand::Rng + ?Sized>(rng: &mut R) -> Self {
        <Self as cg::Parameters>::init_with(cg::Init::He, rng)
    }
    pub fn workspace(samples: usize) -> cg::Workspace<Self> {
        cg::Workspace::new(samples)
    }
    pub fn predict<C, X>(
        &self,
        x: &p::nalgebra::Matrix<T, p::nalgebra::Const<784>, C, X>,
    ) -> p::nalgebra::OMatrix<T, p::nalgebra::Const<10>, C>
    where
        C: p::nalgebra::Dim,
        X: p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, C>,
        p::nalgebra::DefaultAllocator: p::nalgebra::allocator::Allocator<p::nalgebra::Const<10>, C>,
    {
        p::predict(self, [p::Samples::new(x)], x.shape_generic().1)
    }
    pub fn loss<'t, C, X>(
        &self,
        x: &p::nalgebra::Matrix<T, p::nalgebra::Const<784>, C, X>,
        target: impl cg::IntoTarget<'t, T, SoftmaxCrossEntropy, 10, C>,
    ) -> T
    where
        C: p::nalgebra::Dim,
        X: p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, C>,
    {
        p::loss(self, [p::Samples::new(x)], &target.into_target())
    }
    pub fn gradient<'t, C, X>(
        &self,
        x: &p::nalgebra::Matrix<T, p::nalgebra::Const<784>, C, X>,
        target: impl cg::IntoTarget<'t, T, SoftmaxCrossEntropy, 10, C>,
    ) -> (T, Self)
    where
        C: p::nalgebra::Dim,
        X: p::nalgebra::RawStorage<T, p::nalgebra::Const<784>, C>,
    {
        p::gradient(self, [p::Samples::new(x)], &target.into_target())
    }
}

impl<T: cg::Scalar> cg::Network for TwoLayerNet<T> {
    type Loss = SoftmaxCrossEntropy;
    type Output = Rank1<10>;
    const LOSS: Self::Loss = SoftmaxCrossEntropy;
    const INPUTS: &'static [cg::Port] = &[cg::Port { name: "x", dims: &[784] }];
    const LAYERS: &'static [cg::LayerInfo] = &[];
    const MULTIPLY_ADDS: usize = 0;
    const CACHE: usize = p::sum(&[<Rank1<50> as cg::Shape>::LEN, <Rank1<50> as cg::Shape>::LEN]);
    const SCRATCH: usize = p::sum(&[<Rank1<50> as cg::Shape>::LEN, <Rank1<50> as cg::Shape>::LEN]);
    fn forward_slices(&self, inputs: &[&[T]], output: &mut [T], cache: &mut [T], samples: usize) {
        let x = cg::Batch::<T, Rank1<784>>::new(inputs[0], samples);
        let output = cg::BatchMut::<T, Rank1<10>>::new(output, samples);
        let mut tape = p::Tape::new(cache, samples);
        let affine1 = tape.layer(&self.affine1, x);
        let relu1 = tape.layer(&Relu::<Rank1<50>>::new(), affine1);
        tape.last(&self.affine2, relu1, output);
    }
    fn backward_slices(&self, pass: cg::Pass<'_, T>, d_inputs: Option<&mut [T]>, gradients: &mut Self) {
        let x = cg::Batch::<T, Rank1<784>>::new(pass.inputs[0], pass.samples);
        let output = cg::Batch::<T, Rank1<10>>::new(pass.output, pass.samples);
        let mut replay = p::Replay::new(pass.cache, pass.samples);
        let affine1 = replay.layer(&self.affine1, x);
        let relu1 = replay.layer(&Relu::<Rank1<50>>::new(), affine1.output);
        let affine2 = replay.last(&self.affine2, relu1.output, output);
        let mut slots = p::Slots::new(pass.scratch, d_inputs, pass.samples);
        let mut d_x = slots.input::<Rank1<784>>();
        let mut d_affine1 = slots.value::<Rank1<50>>();
        let mut d_relu1 = slots.value::<Rank1<50>>();
        let scratch = slots.scratch();
        let d_output = cg::Batch::<T, Rank1<10>>::new(pass.d_output, pass.samples);
        d_relu1.layer(&self.affine2, affine2, d_output, &mut gradients.affine2, scratch);
        d_affine1.function(&Relu::<Rank1<50>>::new(), relu1, d_relu1.gradient(), scratch);
        d_x.layer(&self.affine1, affine1, d_affine1.gradient(), &mut gradients.affine1, scratch);
    }
}

impl<T: cg::Scalar> cg::Layer<T> for TwoLayerNet<T> {
    type Input = Rank1<784>;
    type Output = Rank1<10>;
    const CACHE: usize = <Self as cg::Network>::CACHE;
    const SCRATCH: usize = <Self as cg::Network>::SCRATCH;
    const MULTIPLY_ADDS: usize = <Self as cg::Network>::MULTIPLY_ADDS;
    fn forward(
        &self,
        input: cg::Batch<'_, T, Self::Input>,
        mut output: cg::BatchMut<'_, T, Self::Output>,
        cache: &mut [T],
    ) {
        cg::Network::forward_slices(self, &[input.as_slice()], output.as_mut_slice(), cache, input.samples());
    }
    fn backward(
        &self,
        forward: cg::Forward<'_, T, Self::Input, Self::Output>,
        d_output: cg::Batch<'_, T, Self::Output>,
        d_input: Option<cg::BatchMut<'_, T, Self::Input>>,
        gradients: &mut Self,
        scratch: &mut [T],
    ) {
        p::layer_backward(self, forward, d_output, d_input, gradients, scratch);
    }
}

impl<T: cg::Scalar> cg::Parameters for TwoLayerNet<T> {
    type Scalar = T;
    const TENSORS: usize =
        p::sum(&[<Affine<T, 784, 50> as cg::Parameters>::TENSORS, <Affine<T, 50, 10> as cg::Parameters>::TENSORS]);
    const COUNT: usize =
        p::sum(&[<Affine<T, 784, 50> as cg::Parameters>::COUNT, <Affine<T, 50, 10> as cg::Parameters>::COUNT]);
    fn zeros() -> Self {
        Self { affine1: cg::Parameters::zeros(), affine2: cg::Parameters::zeros() }
    }
    fn init_with<R: p::rand::Rng + ?Sized>(init: cg::Init, rng: &mut R) -> Self {
        Self {
            affine1: cg::Parameters::init_with(init.or(cg::Init::He), rng),
            affine2: cg::Parameters::init_with(init.or(cg::Init::Xavier), rng),
        }
    }
    fn tensor(&self, index: usize) -> &[T] {
        let index = match p::locate::<Affine<T, 784, 50>>(index) {
            Ok(index) => return self.affine1.tensor(index),
            Err(rest) => rest,
        };
        let index = match p::locate::<Affine<T, 50, 10>>(index) {
            Ok(index) => return self.affine2.tensor(index),
            Err(rest) => rest,
        };
        p::no_tensor(index)
    }
    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        let index = match p::locate::<Affine<T, 784, 50>>(index) {
            Ok(index) => return self.affine1.tensor_mut(index),
            Err(rest) => rest,
        };
        let index = match p::locate::<Affine<T, 50, 10>>(index) {
            Ok(index) => return self.affine2.tensor_mut(index),
            Err(rest) => rest,
        };
        p::no_tensor(index)
    }
    fn tensor_name(index: usize) -> p::String {
        let index = match p::locate::<Affine<T, 784, 50>>(index) {
            Ok(index) => return p::join_name("affine1", &Affine::<T, 784, 50>::tensor_name(index)),
            Err(rest) => rest,
        };
        let index = match p::locate::<Affine<T, 50, 10>>(index) {
            Ok(index) => return p::join_name("affine2", &Affine::<T, 50, 10>::tensor_name(index)),
            Err(rest) => rest,
        };
        p::no_tensor(index)
    }
}

#[test]
fn runs() {
    use rand::SeedableRng;
    let mut rng = rand::rngs::SmallRng::seed_from_u64(1);
    let net = TwoLayerNet::<f32>::init(&mut rng);
    let x = nalgebra::SMatrix::<f32, 784, 3>::from_fn(|i, j| (i * 7 + j) as f32 % 5.0 / 5.0);
    let y = net.predict(&x);
    assert_eq!(y.shape(), (10, 3));
    let (loss, _) = net.gradient(&x, &[1u8, 2, 3]);
    assert!(loss > 0.0);
    let y1 = net.predict(&x.column(1));
    assert!((y1[0] - y[(0, 1)]).abs() < 1e-6);
    assert_eq!(<TwoLayerNet as cg::Parameters>::tensor_name(3), "affine2.bias");
}
