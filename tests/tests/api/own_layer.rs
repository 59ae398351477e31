//! A layer of the user's own, with parameters, through the two public traits.

use constgrad::Layout;
use constgrad::prelude::*;
use constgrad::{Batch, BatchMut, Forward, GradientReport, Layer, Rank1, Scalar, Tensor};

use super::{random, rng};

/// How `Scale` back-propagates.
const RIGHTLY: u8 = 0;
/// It adds to the gradient of its factors, whatever that was.
const ADDING: u8 = 1;
/// It forgets its factors in the gradient of its input.
const FORGETTING: u8 = 2;

/// Each scalar times a learned factor.
#[derive(Clone, Debug, PartialEq)]
struct Scale<const HOW: u8, const D: usize, T: Scalar = f32> {
    factor: Tensor<T, D, 1>,
}

impl<const HOW: u8, const D: usize, T: Scalar> Layer<T> for Scale<HOW, D, T> {
    type Input = Rank1<D>;
    type Output = Rank1<D>;

    const MULTIPLY_ADDS: usize = D;

    fn forward(&self, input: Batch<'_, T, Rank1<D>>, mut output: BatchMut<'_, T, Rank1<D>>, _: &mut [T]) {
        for (output, input) in output.iter_mut().zip(input) {
            for (index, output) in output.iter_mut().enumerate() {
                *output = input[index] * self.factor[index];
            }
        }
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<D>, Rank1<D>>,
        d_output: Batch<'_, T, Rank1<D>>,
        mut d_input: Option<BatchMut<'_, T, Rank1<D>>>,
        gradients: Option<&mut Self>,
        _: &mut [T],
    ) {
        if let Some(gradients) = gradients {
            if HOW != ADDING {
                gradients.factor.fill(T::ZERO);
            }
            for (input, d_output) in forward.input.iter().zip(d_output) {
                for (index, &d_output) in d_output.iter().enumerate() {
                    gradients.factor[index] += input[index] * d_output;
                }
            }
        }
        let Some(d_input) = &mut d_input else { return };
        for (d_input, d_output) in d_input.iter_mut().zip(d_output) {
            for (index, d_input) in d_input.iter_mut().enumerate() {
                let factor = if HOW == FORGETTING { T::ONE } else { self.factor[index] };
                *d_input = d_output[index] * factor;
            }
        }
    }
}

impl<const HOW: u8, const D: usize, T: Scalar> Parameters for Scale<HOW, D, T> {
    type Scalar = T;

    const LAYOUT: &'static Layout = &Layout::fields(&[("factor", &Layout::trained(&[D]))]);

    fn tensor(&self, _: usize) -> &[T] {
        self.factor.as_slice()
    }
}

impl<const HOW: u8, const D: usize, T: Scalar> Trainable for Scale<HOW, D, T> {
    fn zeros() -> Self {
        Self { factor: Tensor::zeros() }
    }

    fn init_with<R: rand::Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        let mut scale = Self::zeros();
        scale.factor.fill(T::ONE);
        scale
    }

    fn tensor_mut(&mut self, _: usize) -> &mut [T] {
        self.factor.as_mut_slice()
    }
}

network! {
    #[loss(mean_squared_error)]
    struct Scaled(x: [4]) -> [4] { x.net::<Scale<RIGHTLY, 4>>() }
}

network! {
    #[loss(mean_squared_error)]
    struct Right(x: [3]) -> [2] { x.affine(4).net::<Scale<RIGHTLY, 4>>().tanh().affine(2) }
}

network! {
    #[loss(mean_squared_error)]
    #[no_gradient_test]
    struct WrongFactor(x: [3]) -> [2] { x.affine(4).net::<Scale<ADDING, 4>>().tanh().affine(2) }
}

network! {
    #[loss(mean_squared_error)]
    #[no_gradient_test]
    struct WrongInput(x: [3]) -> [2] { x.affine(4).net::<Scale<FORGETTING, 4>>().tanh().affine(2) }
}

/// The names of the tensors whose gradients are wrong.
fn wrong(report: &GradientReport) -> Vec<&str> {
    let wrong = report.tensors().iter().filter(|tensor| tensor.wrong.is_some());
    wrong.map(|tensor| tensor.name.as_str()).collect()
}

#[test]
fn it_trains() {
    let mut net = Scaled::<f64>::init(&mut rng(1));
    let x = random::<4>(16, 2);
    let factors = [2.0, -1.0, 0.5, 3.0];
    let target = OMatrix::<f64, Const<4>, Dyn>::from_fn(16, |row, column| factors[row] * x[(row, column)]);
    for _ in 0..200 {
        let gradients = net.gradient(&x, &target).1;
        Sgd::new(2.0).step(&mut net, &gradients);
    }
    super::assert_close(net.net1.factor.as_slice(), &factors, 1e-9);
}

#[test]
fn it_is_counted_and_named() {
    assert_eq!(<Right>::COUNT, 16 + 4 + 10);
    assert_eq!(<Right>::info(2).name, "net1.factor");
    assert_eq!(<Right>::info(2).dims, [4]);
    assert_eq!((<Right>::LAYERS[1].kind, <Right>::LAYERS[1].multiply_adds), ("net", 4));
}

#[test]
fn a_mistake_in_it_is_found_by_name() {
    for seed in 0..20 {
        Right::<f64>::grad_check_random(seed).assert_ok();
        assert_eq!(wrong(&WrongFactor::<f64>::grad_check_random(seed)), ["net1.factor"]);
        // Everything before the layer is wrong, nothing behind it.
        assert_eq!(wrong(&WrongInput::<f64>::grad_check_random(seed)), ["affine1.weight", "affine1.bias", "x"]);
    }
}

#[test]
#[should_panic(expected = "net1.factor:    NaN")]
fn the_report_of_a_failed_check_names_the_tensor() {
    WrongFactor::<f64>::grad_check_random(0).assert_ok();
}
