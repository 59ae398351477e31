use core::fmt::Debug;
use core::marker::PhantomData;

use super::*;
use crate::Layout;
use crate::input::Input;
use crate::input_gradients::InputGradients;
use crate::layer::Affine;
use crate::loss::NoLoss;
use crate::network::Pass;
use crate::parameters::locate;
use crate::tape::{Replay, Slots, Tape, max};
use crate::{Batch, BatchMut, Forward, Layer, LayerInfo, Mode, Parameters, Rank1, Trainable};
use alloc::string::ToString;
use alloc::vec;

/// A function of one scalar, and how it is back-propagated, rightly or wrongly.
trait Case: Clone + Debug + PartialEq + Send + Sync {
    /// Whether it adds to `d_input` instead of writing it.
    const ADDS: bool = false;
    fn value(x: f64) -> f64;
    fn slope(x: f64) -> f64;
    /// Changes the gradient of a tensor.
    fn spoil<T: Scalar>(_tensor: usize, _gradient: &mut [T]) {}
}

macro_rules! case {
    ($name:ident: $value:expr, $slope:expr $(, spoil $spoil:expr)? $(, adds $adds:literal)?) => {
        #[derive(Clone, Debug, PartialEq)]
        struct $name;

        impl Case for $name {
            $(const ADDS: bool = $adds;)?
            fn value(x: f64) -> f64 {
                let value: fn(f64) -> f64 = $value;
                value(x)
            }
            fn slope(x: f64) -> f64 {
                let slope: fn(f64) -> f64 = $slope;
                slope(x)
            }
            $(fn spoil<T: Scalar>(tensor: usize, gradient: &mut [T]) {
                let spoil: fn(usize, &mut [T]) = $spoil;
                spoil(tensor, gradient);
            })?
        }
    };
}

case!(Smooth: |x| x + x.sin(), |x| 1.0 + x.cos());
case!(Rectifier: |x| x.max(0.0), |x| if x > 0.0 { 1.0 } else { 0.0 });
case!(Absolute: f64::abs, |x| if x > 0.0 { 1.0 } else { -1.0 });
case!(Scaled: |x| x + x.sin(), |x| 1.01 * (1.0 + x.cos()));
case!(Negated: |x| x + x.sin(), |x| -1.0 - x.cos());
case!(MissingTerm: |x| x + x.sin(), f64::cos);
case!(ScaledRectifier: |x| x.max(0.0), |x| if x > 0.0 { 1.01 } else { 0.0 });
case!(LeakyGradient: |x| x.max(0.0), |x| if x > 0.0 { 1.0 } else { 0.01 });
case!(Outside: |x| x.max(0.0), |x| if x == 0.0 { 1.5 } else if x > 0.0 { 1.0 } else { 0.0 });
case!(WrongElement: f64::sin, f64::cos, spoil |tensor, gradient| if tensor == 0 {
    gradient[5] *= T::nearest(1.01);
});
case!(NanElement: f64::sin, f64::cos, spoil |tensor, gradient| if tensor == 2 {
    gradient[0] = T::nearest(f64::NAN);
});
case!(InfiniteElement: f64::sin, f64::cos, spoil |tensor, gradient| if tensor == 4 {
    gradient[1] = T::nearest(f64::INFINITY);
});
case!(NanLoss: |_| f64::NAN, f64::cos);
case!(InfiniteLoss: |_| f64::INFINITY, |_| 0.0);
case!(Adding: f64::sin, f64::cos, adds true);

/// The function of `C`, each scalar by itself.
#[derive(Clone, Debug, PartialEq)]
struct Map<C, const H: usize>(PhantomData<C>);

impl<T: Scalar, C: Case, const H: usize> Layer<T> for Map<C, H> {
    type Input = Rank1<H>;
    type Output = Rank1<H>;

    fn forward(&self, input: Batch<'_, T, Rank1<H>>, mut output: BatchMut<'_, T, Rank1<H>>, _: &mut [T]) {
        for (output, input) in output.as_mut_slice().iter_mut().zip(input.as_slice()) {
            *output = T::nearest(C::value(input.to_f64()));
        }
    }

    fn backward(
        &self,
        forward: Forward<'_, T, Rank1<H>, Rank1<H>>,
        d_output: Batch<'_, T, Rank1<H>>,
        d_input: Option<BatchMut<'_, T, Rank1<H>>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        let Some(mut d_input) = d_input else { return };
        let slopes = forward.input.as_slice().iter().map(|input| T::nearest(C::slope(input.to_f64())));
        for ((d_input, slope), &d_output) in d_input.as_mut_slice().iter_mut().zip(slopes).zip(d_output.as_slice()) {
            *d_input = if C::ADDS { *d_input } else { T::ZERO } + slope * d_output;
        }
    }
}

/// `x.affine(H).map(C).affine(O)`.
#[derive(Clone, Debug, PartialEq)]
struct Chain<T: Scalar, C, const I: usize, const H: usize, const O: usize> {
    affine1: Affine<T, I, H>,
    affine2: Affine<T, H, O>,
    map: PhantomData<C>,
}

impl<T: Scalar, C: Case, const I: usize, const H: usize, const O: usize> Parameters for Chain<T, C, I, H, O> {
    type Scalar = T;

    const LAYOUT: &'static Layout =
        &Layout::fields(&[("affine1", Affine::<T, I, H>::LAYOUT), ("affine2", Affine::<T, H, O>::LAYOUT)]);

    fn tensor(&self, index: usize) -> &[T] {
        match locate::<Affine<T, I, H>>(index) {
            Ok(index) => self.affine1.tensor(index),
            Err(rest) => self.affine2.tensor(rest),
        }
    }
}

impl<T: Scalar, C: Case, const I: usize, const H: usize, const O: usize> Trainable for Chain<T, C, I, H, O> {
    fn zeros() -> Self {
        Self { affine1: Affine::zeros(), affine2: Affine::zeros(), map: PhantomData }
    }

    fn init_with<R: Rng + ?Sized>(init: Init, rng: &mut R) -> Self {
        Self { affine1: Affine::init_with(init, rng), affine2: Affine::init_with(init, rng), map: PhantomData }
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        match locate::<Affine<T, I, H>>(index) {
            Ok(index) => self.affine1.tensor_mut(index),
            Err(rest) => self.affine2.tensor_mut(rest),
        }
    }
}

impl<T: Scalar, C: Case, const I: usize, const H: usize, const O: usize> Network for Chain<T, C, I, H, O> {
    type Loss = NoLoss;
    type Output = Rank1<O>;
    type Inputs = InputGradients<T>;

    const LOSS: NoLoss = NoLoss;
    const SCORES: usize = O;
    const INPUTS: &'static [Port] = &[Port { name: "x", dims: &[I], indices: None }];
    const LAYERS: &'static [LayerInfo] = &[];
    const MULTIPLY_ADDS: usize = 0;
    const RANDOM: bool = false;
    const WHOLE_BATCH: bool = false;
    const CACHE: usize = 2 * H;
    const SCRATCH_ONCE: usize = 0;
    const SCRATCH: usize = 2 * H + max(&[Affine::<T, I, H>::SCRATCH, Affine::<T, H, O>::SCRATCH]);

    fn forward_slices(&self, inputs: &[Input<'_, T>], output: &mut [T], cache: &mut [T], samples: usize, mode: Mode) {
        let x = inputs[0].scalars(samples);
        let mut tape = Tape::new(cache, samples, mode);
        let affine1 = tape.layer(&self.affine1, x);
        let map = tape.layer(&Map::<C, H>(PhantomData), affine1);
        tape.last(&self.affine2, map, BatchMut::new(output, samples));
    }

    fn backward_slices(&self, pass: Pass<'_, T>, d_inputs: Option<&mut [T]>, gradients: Option<&mut Self>) {
        let gradients = gradients.expect("it is trained");
        let map = Map::<C, H>(PhantomData);
        let mut replay = Replay::new(pass.cache, pass.samples, pass.mode);
        let affine1 = replay.layer(&self.affine1, pass.inputs[0].scalars(pass.samples));
        let map1 = replay.layer(&map, affine1.output);
        let affine2 = replay.last(&self.affine2, map1.output, Batch::new(pass.output, pass.samples));
        let mut d_inputs = d_inputs;
        let mut slots = Slots::new(pass.scratch, d_inputs.as_deref_mut(), pass.samples);
        let mut d_x = slots.input::<Rank1<I>>();
        let mut d_affine1 = slots.value::<Rank1<H>>();
        let mut d_map = slots.value::<Rank1<H>>();
        let scratch = slots.scratch();
        let d_output = Batch::new(pass.d_output, pass.samples);
        d_map.layer(&self.affine2, affine2, d_output, Some(&mut gradients.affine2), scratch);
        d_affine1.layer(&map, map1, d_map.gradient(), None, scratch);
        d_x.layer(&self.affine1, affine1, d_affine1.gradient(), Some(&mut gradients.affine1), scratch);
        for tensor in 0..Self::TENSORS {
            C::spoil(tensor, gradients.tensor_mut(tensor));
        }
        if let Some(d_inputs) = d_inputs {
            C::spoil(Self::TENSORS, d_inputs);
        }
    }
}

type Net<C> = Chain<f64, C, 7, 6, 3>;

/// Every scalar of a random network.
fn check_all<N: Network + Trainable>(seed: u64) -> GradientReport {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let net: N = random_network(&mut rng);
    let x = DMatrix::from_vec(N::INPUTS[0].dims[0], SAMPLES, random_inputs::<N>(&mut rng).remove(0));
    let target = random_target::<N>(&mut rng);
    grad_check(&net, &x, &target, Seed::ZERO)
}

fn random_target<N: Network + Trainable>(rng: &mut impl Rng) -> DMatrix<N::Scalar> {
    DMatrix::from_vec(N::Output::LEN, SAMPLES, N::LOSS.random_target(N::Output::LEN, SAMPLES, rng))
}

fn assert_passes<N: Network + Trainable>() {
    for seed in 0..10 {
        N::grad_check_random(seed).assert_ok();
        check_all::<N>(seed).assert_ok();
    }
}

#[test]
fn right_gradients_pass() {
    assert_passes::<Chain<f64, Smooth, 1, 1, 1>>();
    assert_passes::<Chain<f64, Smooth, 2, 5, 4>>();
    assert_passes::<Chain<f64, Smooth, 40, 9, 3>>();
    assert_passes::<Chain<f64, Rectifier, 3, 8, 1>>();
    assert_passes::<Chain<f64, Rectifier, 30, 20, 5>>();
    assert_passes::<Chain<f64, Absolute, 4, 30, 2>>();
    assert_passes::<Chain<f32, Smooth, 3, 5, 4>>();
    assert_passes::<Chain<f32, Rectifier, 20, 8, 2>>();
}

/// The tensors in which nobody confirms the gradient.
fn wrong_tensors(report: &GradientReport) -> Vec<&str> {
    report.tensors().iter().filter(|tensor| tensor.wrong.is_some()).map(|tensor| tensor.name.as_str()).collect()
}

/// Both checks must find `tensors` wrong, for whatever seed.
fn assert_fails<N: Network + Trainable>(tensors: &[&str]) {
    for seed in 0..10 {
        for report in [N::grad_check_random(seed), check_all::<N>(seed)] {
            assert!(!report.is_ok(), "seed {seed}\n{report}");
            assert_eq!(wrong_tensors(&report), tensors, "seed {seed}\n{report}");
        }
    }
}

#[test]
fn wrong_gradients_fail_in_all_tensors_before_the_mistake() {
    let before = ["affine1.weight", "affine1.bias", "x"];
    assert_fails::<Net<Scaled>>(&before);
    assert_fails::<Net<Negated>>(&before);
    assert_fails::<Net<MissingTerm>>(&before);
    assert_fails::<Net<ScaledRectifier>>(&before);
    assert_fails::<Net<LeakyGradient>>(&before);
    assert_fails::<Net<Adding>>(&before);
    assert_fails::<Chain<f64, Negated, 40, 30, 2>>(&before);
    assert_fails::<Chain<f32, Negated, 7, 6, 3>>(&before);
}

#[test]
fn one_wrong_element_is_found() {
    assert_fails::<Net<WrongElement>>(&["affine1.weight"]);
    for seed in 0..10 {
        for report in [Net::<WrongElement>::grad_check_random(seed), check_all::<Net<WrongElement>>(seed)] {
            let wrong = report.tensors()[0].wrong.clone().unwrap();
            assert_eq!(wrong.at, 5..6, "{report}");
            assert!((wrong.gradient - 1.01 * wrong.numerical).abs() < 1e-7, "{report}");
            assert!(report.to_string().contains("WRONG at 5:"), "{report}");
        }
    }
}

#[test]
fn what_is_not_finite_fails() {
    assert_fails::<Net<NanElement>>(&["affine2.weight"]);
    assert_fails::<Net<InfiniteElement>>(&["x"]);
    let all = ["affine1.weight", "affine1.bias", "affine2.weight", "affine2.bias", "x"];
    assert_fails::<Net<NanLoss>>(&all);
    assert_fails::<Net<InfiniteLoss>>(&all);
    assert!(check_all::<Net<NanElement>>(0).mean_difference("affine2.weight").is_nan());
}

/// Before the map, everything is exactly 0.
fn check_on_the_kink<C: Case>() -> GradientReport {
    let mut net = Chain::<f64, C, 2, 3, 1>::zeros();
    net.affine2.weight.fill(2.0);
    let x = DMatrix::from_element(2, 2, 1.0);
    let target = DMatrix::from_element(1, 2, 1.0);
    grad_check(&net, &x, &target, Seed::ZERO)
}

#[test]
fn on_a_kink_either_side_passes() {
    for report in [check_on_the_kink::<Rectifier>(), check_on_the_kink::<Absolute>()] {
        report.assert_ok();
        let kinks: Vec<_> = report.tensors().iter().map(|tensor| tensor.kinks).collect();
        assert_eq!(kinks, [6, 3, 0, 0, 0], "{report}");
        assert!(report.to_string().contains("6 kinks"), "{report}");
    }
    // The rectifier's convention at 0, here 0.01, lies between its sides.
    check_on_the_kink::<LeakyGradient>().assert_ok();
}

/// A blank image, zero biases, and kinks that meet: a step in one pixel takes several rectifiers across theirs.
fn check_where_kinks_meet<C: Case>() -> GradientReport {
    let mut net = Chain::<f64, C, 2, 6, 1>::zeros();
    net.affine1.weight.copy_from_slice(&[1.0, 2.0, -1.0, 0.5, 3.0, -2.0, -2.0, 1.0, 0.5, -3.0, -1.0, -1.0]);
    net.affine2.weight.copy_from_slice(&[2.0, -1.0, 3.0, -2.0, -2.0, 1.0]);
    let x = DMatrix::from_element(2, 2, 0.0);
    let target = DMatrix::from_element(1, 2, 1.0);
    grad_check(&net, &x, &target, Seed::ZERO)
}

#[test]
fn where_kinks_meet_nothing_is_decided() {
    let report = check_where_kinks_meet::<Rectifier>();
    report.assert_ok();
    let of_x = report.tensors().last().expect("there is the input");
    assert!(of_x.undecided > 0 && of_x.wrong.is_none(), "{report}");
    assert!(report.to_string().contains("undecided\n= note: several kinks meet"), "{report}");
    // What is wrong elsewhere is wrong here.
    assert!(!check_where_kinks_meet::<ScaledRectifier>().is_ok());
    assert!(!check_where_kinks_meet::<Negated>().is_ok());
    // A single kink is decided.
    assert_eq!(wrong_tensors(&check_on_the_kink::<Outside>()), ["affine1.weight", "affine1.bias"]);
}

#[test]
fn numerical_gradients_are_those_of_back_propagation() {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
    let net: Net<Smooth> = random_network(&mut rng);
    let x = DMatrix::from_vec(7, SAMPLES, random_inputs::<Net<Smooth>>(&mut rng).remove(0));
    let target = random_target::<Net<Smooth>>(&mut rng);

    let numerical = numerical_gradient(&net, &x, &target, Seed::ZERO);

    let (_, gradients) = run::gradient(&net, &x, &target, Seed::ZERO);
    for tensor in 0..Net::<Smooth>::TENSORS {
        for (numerical, gradient) in numerical.tensor(tensor).iter().zip(gradients.tensor(tensor)) {
            assert!((numerical - gradient).abs() < 1e-7, "{numerical} {gradient}");
        }
    }
}

#[test]
fn prints_a_line_a_tensor() {
    let at = |index, gradient, verdict| Comparison { at: index..index + 1, gradient, numerical: 0.5, verdict };
    let smooth = at(0, 0.5 + 1e-9, difference::Verdict::Smooth);
    let wrong = at(7, 1.0, difference::Verdict::Wrong);
    let kink = at(8, 0.5, difference::Verdict::Kink);
    let report = GradientReport::new(
        0.0,
        vec![
            TensorReport::new("affine1.weight".into(), core::slice::from_ref(&smooth)),
            TensorReport::new("x".into(), &[smooth, wrong, kink]),
        ],
    );
    assert_eq!(
        report.to_string(),
        "affine1.weight: 1.0e-9, largest 1.0e-9 at 0\n\
         x:              1.7e-1, largest 5.0e-1 at 7, 1 kink; WRONG at 7: 1 by back-propagation, 0.5 by differences"
    );
}
