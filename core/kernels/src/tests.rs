//! Every product on every instruction set that this machine has, against plain loops.
//!
//! Sums of products of small integers are exact in whatever order they are added, so results must be equal.

use alloc::format;
use alloc::vec;
use alloc::vec::Vec;

use pulp::{Arch, Simd};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

use crate::formula::{Formula, Map};
#[cfg(feature = "rayon")]
use crate::precision::Precision;
use crate::product::{Dots, OneSample, OuterSums, RowSum, Sums, WeightedSums};
use crate::simd::{Real, Vector};
use crate::term::{Term, Total};
#[cfg(feature = "rayon")]
use crate::work::run_on;

/// Widths around which the tiles of some instruction set change.
const INPUTS: [usize; 19] = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50, 63, 64, 65, 100];

/// An affine layer and its batch.
struct Case<T> {
    samples: usize,
    inputs: usize,
    outputs: usize,
    input: Vec<T>,
    weight: Vec<T>,
    bias: Vec<T>,
    d_output: Vec<T>,
}

impl<T: Real> Case<T> {
    fn new(samples: usize, inputs: usize, outputs: usize, mut number: impl FnMut() -> f64) -> Self {
        let mut numbers = |len| (0..len).map(|_| T::from_f64(number())).collect();
        Self {
            samples,
            inputs,
            outputs,
            input: numbers(samples * inputs),
            weight: numbers(outputs * inputs),
            bias: numbers(outputs),
            d_output: numbers(samples * outputs),
        }
    }

    fn integers(samples: usize, inputs: usize, outputs: usize) -> Self {
        let mut rng = SmallRng::seed_from_u64(1);
        Self::new(samples, inputs, outputs, || f64::from(rng.random_range(-9..=9)))
    }

    fn reals(samples: usize, inputs: usize, outputs: usize) -> Self {
        let mut rng = SmallRng::seed_from_u64(1);
        Self::new(samples, inputs, outputs, || rng.random_range(-1.0..1.0))
    }

    fn output(&self, arch: Arch) -> Vec<T> {
        self.output_with(arch, &self.bias)
    }

    fn output_with(&self, arch: Arch, bias: &[T]) -> Vec<T> {
        let mut output = nonsense(self.samples * self.outputs);
        let Self { input, weight, .. } = self;
        arch.dispatch(Dots { input, weight, bias, epilogue: None, output: &mut output, inputs: self.inputs });
        if self.samples == 1 {
            let mut same = nonsense(self.outputs);
            let inputs = self.inputs;
            arch.dispatch(OneSample(Dots { input, weight, bias, epilogue: None, output: &mut same, inputs }));
            assert_eq!(same, output, "of one sample and of a batch of one");
        }
        output
    }

    fn d_weight(&self, arch: Arch) -> Vec<T> {
        let mut d_weight = nonsense(self.outputs * self.inputs);
        let mut scratch = nonsense(self.d_output.len());
        let (rows, coefficients, width) = (&self.input, &self.d_output, self.inputs);
        let (sums, scratch) = (&mut d_weight, &mut scratch);
        arch.dispatch(Sums::outer(OuterSums { rows, coefficients, sums, width, scratch }));
        d_weight
    }

    fn d_bias(&self, arch: Arch) -> Vec<T> {
        let mut d_bias = nonsense(self.outputs);
        arch.dispatch(RowSum { rows: &self.d_output, sum: &mut d_bias });
        d_bias
    }

    fn d_input(&self, arch: Arch) -> Vec<T> {
        let mut d_input = nonsense(self.samples * self.inputs);
        let (rows, coefficients, width) = (&self.weight, &self.d_output, self.inputs);
        arch.dispatch(Sums::weighted(WeightedSums { rows, coefficients, sums: &mut d_input, width }));
        d_input
    }

    /// Compares with loops that take one product after the other.
    fn check(&self, arch: Arch) {
        let (samples, inputs, outputs) = (self.samples, self.inputs, self.outputs);
        let mut output = self.bias.repeat(samples);
        let mut d_weight = vec![T::ZERO; outputs * inputs];
        let mut d_bias = vec![T::ZERO; outputs];
        let mut d_input = vec![T::ZERO; samples * inputs];
        for s in 0..samples {
            for o in 0..outputs {
                let d = self.d_output[s * outputs + o];
                d_bias[o] += d;
                for i in 0..inputs {
                    let (x, w) = (self.input[s * inputs + i], self.weight[o * inputs + i]);
                    output[s * outputs + o] += x * w;
                    d_weight[o * inputs + i] += x * d;
                    d_input[s * inputs + i] += w * d;
                }
            }
        }
        let size = || format!("{samples} x {inputs} x {outputs}, {arch:?}");
        assert!(self.output(arch) == output, "output of {}", size());
        let without_bias = self.output_with(arch, &[]);
        assert!(without_bias == self.output_with(arch, &vec![T::ZERO; outputs]), "no bias of {}", size());
        assert!(self.d_weight(arch) == d_weight, "d_weight of {}", size());
        assert!(self.d_bias(arch) == d_bias, "d_bias of {}", size());
        assert!(self.d_input(arch) == d_input, "d_input of {}", size());
    }
}

/// What is not overwritten shows in any result.
fn nonsense<T: Real>(len: usize) -> Vec<T> {
    vec![T::from_f64(f64::NAN); len]
}

/// The best instruction set, none, and one of 16 registers.
pub(super) fn archs() -> Vec<Arch> {
    let archs = [Some(Arch::new()), Some(Arch::Scalar)];
    #[cfg(target_arch = "x86_64")]
    let archs = archs.into_iter().chain([pulp::x86::V3::try_new().map(Arch::V3)]);
    archs.into_iter().flatten().collect()
}

fn check_all_sizes<T: Real>() {
    for inputs in INPUTS {
        for samples in 0..=13 {
            for outputs in 1..=13 {
                let case = Case::<T>::integers(samples, inputs, outputs);
                for arch in archs() {
                    case.check(arch);
                }
            }
        }
    }
    // Long sums, and more results than are kept together.
    let long = [129, 700, 1537].into_iter().flat_map(|samples| INPUTS.map(|inputs| (samples, inputs, 11)));
    for (samples, inputs, outputs) in
        long.chain([(100, 784, 50), (20, 1000, 150), (515, 70, 101), (300, 256, 50), (300, 128, 57)])
    {
        let case = Case::<T>::integers(samples, inputs, outputs);
        for arch in archs() {
            case.check(arch);
        }
    }
}

#[test]
fn all_sizes_are_right_in_f32() {
    check_all_sizes::<f32>();
}

#[test]
fn all_sizes_are_right_in_f64() {
    check_all_sizes::<f64>();
}

/// Equal numbers are the worst case: all rounding errors are alike.
#[test]
fn sums_over_millions_of_samples_are_right_to_six_digits() {
    for (inputs, outputs) in [(1, 1), (2, 3), (9, 1), (17, 2)] {
        let samples = 20_000_000 / (inputs + outputs);
        for (x, d) in [(0.1_f32, 0.3_f32), (0.77, 0.013), (1.0, 1.1), (0.123, 5e-4)] {
            let (input, d_output) = (vec![x; samples * inputs], vec![d; samples * outputs]);
            let case = Case::<f32> { samples, inputs, outputs, input, d_output, weight: Vec::new(), bias: Vec::new() };
            for arch in archs() {
                let count = samples as f64;
                let close = |what: &str, found: &[f32], exact: f64| {
                    let error = found.iter().map(|&sum| (f64::from(sum) / exact - 1.0).abs()).fold(0.0, f64::max);
                    assert!(error < 1e-6, "{what} {error:e} in {inputs} x {outputs} of {x} and {d}, {arch:?}");
                };
                close("d_weight", &case.d_weight(arch), count * f64::from(x) * f64::from(d));
                close("d_bias", &case.d_bias(arch), count * f64::from(d));
            }
        }
    }
}

#[test]
fn real_numbers_are_multiplied_as_they_are() {
    let case = Case::<f32>::reals(7, 50, 10);
    for arch in archs() {
        for (sample, input) in case.output(arch).chunks(10).zip(case.input.chunks(50)) {
            for ((output, weight), bias) in sample.iter().zip(case.weight.chunks(50)).zip(&case.bias) {
                let products = input.iter().zip(weight).map(|(x, w)| f64::from(*x) * f64::from(*w));
                let exact = f64::from(*bias) + products.sum::<f64>();
                assert!((f64::from(*output) - exact).abs() < 51.0 * f64::from(f32::EPSILON), "{output}, not {exact}");
            }
        }
    }
}

#[test]
fn a_sample_is_the_same_to_the_bit_in_any_batch() {
    let outputs = 11;
    for inputs in INPUTS {
        let batch = Case::<f32>::reals(13, inputs, outputs);
        let best = |case: &Case<f32>| {
            let mut output = nonsense(case.samples * outputs);
            let Case { input, weight, bias, .. } = case;
            Dots { input, weight, bias, epilogue: None, output: &mut output, inputs }.run();
            output
        };
        let all: Vec<_> = archs().into_iter().map(|arch| (arch, batch.output(arch), batch.d_input(arch))).collect();
        let best_of_all = best(&batch);
        for sample in 0..batch.samples {
            let one = Case {
                samples: 1,
                input: batch.input[sample * inputs..][..inputs].to_vec(),
                d_output: batch.d_output[sample * outputs..][..outputs].to_vec(),
                weight: batch.weight.clone(),
                bias: batch.bias.clone(),
                ..batch
            };
            for (arch, output, d_input) in &all {
                assert_eq!(one.output(*arch), output[sample * outputs..][..outputs], "{inputs} inputs, {arch:?}");
                assert_eq!(one.d_input(*arch), d_input[sample * inputs..][..inputs], "{inputs} inputs, {arch:?}");
            }
            assert_eq!(best(&one), best_of_all[sample * outputs..][..outputs], "{inputs} inputs");
        }
    }
}

#[test]
fn infinite_times_zero_is_nan_and_goes_no_further() {
    let (samples, inputs, outputs) = (8, 50, 7);
    let at = |row: usize, width: usize| move |index: usize| index / width == row;
    let column = |column: usize, width: usize| move |index: usize| index % width == column;
    for arch in archs() {
        let mut case = Case::<f32>::new(samples, inputs, outputs, || 0.0);
        case.input[3 * inputs + 49] = f32::INFINITY;
        assert_nan_where(&case.output(arch), at(3, outputs));
        assert_nan_where(&case.d_weight(arch), column(49, inputs));

        let mut case = Case::<f32>::new(samples, inputs, outputs, || 0.0);
        case.weight[6 * inputs + 17] = f32::NEG_INFINITY;
        assert_nan_where(&case.output(arch), column(6, outputs));
        assert_nan_where(&case.d_input(arch), column(17, inputs));

        let mut case = Case::<f32>::new(samples, inputs, outputs, || 0.0);
        case.d_output[7 * outputs + 5] = f32::NAN;
        assert_nan_where(&case.d_weight(arch), at(5, inputs));
        assert_nan_where(&case.d_bias(arch), at(5, 1));
        assert_nan_where(&case.d_input(arch), at(7, inputs));
    }
}

fn assert_nan_where(scalars: &[f32], is_nan: impl Fn(usize) -> bool) {
    for (index, scalar) in scalars.iter().enumerate() {
        assert_eq!(scalar.is_nan(), is_nan(index), "{scalar} at {index}");
    }
}

#[test]
fn axpy_adds_a_multiple() {
    for arch in archs() {
        for len in 0..70_u8 {
            let x: Vec<f32> = (0..len).map(f32::from).collect();
            let mut y = vec![1.0; x.len()];
            arch.dispatch(Map { formula: Axpy(3.0), read: [&x], written: [&mut y] });
            let sums: Vec<f32> = x.iter().map(|x| 1.0 + 3.0 * x).collect();
            assert_eq!(y, sums);
        }
    }
}

#[cfg(feature = "rayon")]
#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let case = Case::<f32>::reals(37, 100, 61);
    let on_threads = |count| {
        let (mut output, mut d_weight, mut d_input) = (nonsense(37 * 61), nonsense(100 * 61), nonsense(37 * 100));
        let (mut one, mut without_bias) = (nonsense(61), nonsense(61));
        let Case { input, weight, bias, d_output, .. } = &case;
        let halve = |results: &mut [f32]| f32::map(Scale(0.5), [], [results]);
        let epilogue: Option<crate::Epilogue<'_, f32>> = Some(&halve);
        run_on(Dots { input, weight, bias, epilogue, output: &mut output, inputs: case.inputs }, count);
        let (rows, coefficients, width, mut scratch) = (input, d_output, case.inputs, nonsense(d_output.len()));
        let (sums, scratch) = (&mut d_weight, &mut scratch);
        run_on(Sums::outer(OuterSums { rows, coefficients, sums, width, scratch }), count);
        run_on(Sums::weighted(WeightedSums { rows: weight, coefficients, sums: &mut d_input, width }), count);
        run_on(Map { formula: Axpy(0.5), read: [input], written: [&mut d_input] }, count);
        run_on(OneSample(Dots { input: &input[..100], weight, bias, epilogue, output: &mut one, inputs: 100 }), count);
        let of_one = Dots { input: &input[..100], weight, bias: &[], epilogue, output: &mut without_bias, inputs: 100 };
        run_on(OneSample(of_one), count);
        (output, d_weight, d_input, one, without_bias)
    };
    for count in 2..=8 {
        assert_eq!(on_threads(count), on_threads(1), "on {count} threads");
    }
    // Where each piece is one of rayon's own tasks.
    rayon::scope(|_| assert_eq!(on_threads(4), on_threads(1)));
}

#[cfg(feature = "rayon")]
#[test]
fn long_sums_have_the_same_bits_however_many_results_are_computed_together() {
    let case = Case::<f32>::reals(1100, 64, 40);
    for arch in archs() {
        let all = case.d_weight(arch);
        for outputs in [1, 5, 11, 13] {
            let first = |sample: &[f32]| sample[..outputs].to_vec();
            let d_output = case.d_output.chunks(40).flat_map(first).collect();
            let (input, weight, bias) = (case.input.clone(), Vec::new(), Vec::new());
            let some = Case { samples: 1100, inputs: 64, outputs, input, weight, bias, d_output };
            assert!(some.d_weight(arch) == all[..64 * outputs], "{outputs} results in {arch:?}");
        }
    }
}

/// `y += factor · x`.
#[derive(Clone, Copy)]
struct Axpy(f64);

impl Formula<1, 1> for Axpy {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, [x]: [Vector<S, T>; 1], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [x.mul_add(x.constant(self.0), y)]
    }

    compiled!(1, 1);
}

/// `y *= factor`.
#[cfg(feature = "rayon")]
#[derive(Clone, Copy)]
struct Scale(f64);

#[cfg(feature = "rayon")]
impl Formula<0, 1> for Scale {
    #[inline(always)]
    fn apply<S: Simd, T: Real>(&self, _: [Vector<S, T>; 0], [y]: [Vector<S, T>; 1]) -> [Vector<S, T>; 1] {
        [y * self.0]
    }

    compiled!(0, 1);
}

/// `a · b` and a number, which need not be 0 where both are.
#[derive(Clone, Copy)]
struct ProductAnd(f64);

impl Term<2> for ProductAnd {
    #[inline(always)]
    fn term<S: Simd, T: Real>(&self, [a, b]: [Vector<S, T>; 2]) -> Vector<S, T> {
        a * b + self.0
    }

    fn sum_f32(self, read: [&[f32]; 2]) -> f64 {
        self.sum(read)
    }

    fn sum_f64(self, read: [&[f64]; 2]) -> f64 {
        self.sum(read)
    }
}

#[test]
fn a_total_is_that_of_all_places_and_no_more() {
    for arch in archs() {
        for len in (0..70_u16).chain([511, 512, 513, 1000]) {
            let a: Vec<f32> = (0..len).map(|index| f32::from(index % 10)).collect();
            let total = arch.dispatch(Total { term: ProductAnd(1.0), read: [&a, &a] });
            let expected: f32 = a.iter().map(|a| a * a + 1.0).sum();
            assert_eq!(total, f64::from(expected), "{len} places in {arch:?}");
        }
    }
}

#[test]
fn a_total_of_many_places_is_exact_to_a_few_bits() {
    let a = vec![0.1_f32; 1 << 20];
    for arch in archs() {
        let mean = arch.dispatch(Total { term: ProductAnd(0.0), read: [&a, &a] }) / a.len() as f64;
        assert!((mean - 0.01).abs() < 1e-8, "{mean} in {arch:?}");
    }
}
