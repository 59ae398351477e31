//! Parts of a batch in training: each is taken through the network by itself, with gradients of its own, which are added up.
//!
//! How many there are follows from the network and the batch alone, and they are added up in one order: so a gradient has the
//! same bits on any number of threads, whatever else these do.

use alloc::vec::Vec;
use core::ops::Range;

use constgrad_kernels::threads;

use crate::input::Input;
use crate::network::Pass;
use crate::{Mode, Network, Shape, Trainable, formulas};

/// Their buffers in a training step.
pub(crate) struct Part<'a, N: Network> {
    pub(crate) output: &'a mut [N::Scalar],
    pub(crate) d_output: &'a mut [N::Scalar],
    pub(crate) cache: &'a mut [N::Scalar],
    pub(crate) scratch: &'a mut [N::Scalar],
    /// One for each part that this is to be divided into, where they are asked for.
    pub(crate) gradients: &'a mut [N],
    /// Where they are asked for: those of all inputs, part after part.
    pub(crate) d_inputs: Option<&'a mut [N::Scalar]>,
    pub(crate) samples: Range<usize>,
    pub(crate) of: Division,
    /// Those of them that this is.
    pub(crate) parts: Range<usize>,
}

/// How a batch is divided.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Division {
    /// The batch size.
    pub(crate) samples: usize,
    pub(crate) parts: usize,
}

impl Division {
    /// That of a training step of `N`.
    pub(crate) const fn of<N: Network>(samples: usize) -> Self {
        Self { samples, parts: count::<N>(samples) }
    }

    /// The samples of a part.
    pub(crate) const fn part(self, part: usize) -> Range<usize> {
        self.start(part)..self.start(part + 1)
    }

    /// The first sample of a part.
    const fn start(self, part: usize) -> usize {
        self.samples * part / self.parts
    }
}

/// The most parameters whose gradients are computed in parts: those of each part take as much memory, and time to add up.
const PARAMETERS: usize = 1 << 20;

/// The most parts: as many threads are kept busy, and more would take too few samples each.
const PARTS: usize = 8;

/// The multiply-adds of a sample for each parameter from which parts are faster than products that are divided (`LeNet`, 2
/// threads: 1.16 instead of 1.81 ms): those of networks whose parameters are used in many places of a sample.
const PLACES: usize = 2;

/// The multiply-adds of a part for each parameter that make up for gradients of its own (`LeNet`, one thread: 1 %).
const WORTH: usize = 128;

/// The most inputs of which parts are made without an allocation.
const FEW: usize = 8;

/// How many parts a batch is divided into: a power of two, which 2, 4 or 8 threads take equal shares of.
pub(crate) const fn count<N: Network>(samples: usize) -> usize {
    let is_dense = N::MULTIPLY_ADDS < PLACES * N::TRAINED;
    if is_dense || N::WHOLE_BATCH || N::TRAINED > PARAMETERS || N::INPUTS.len() > FEW {
        return 1;
    }
    let cost = N::MULTIPLY_ADDS.saturating_mul(samples);
    // A gradient takes two products for each of the forward pass.
    let most = [samples, cost / (WORTH * N::TRAINED + 1), cost.saturating_mul(3) / threads::WORTH];
    let mut count = PARTS;
    while count > 1 && (count > most[0] || count > most[1] || count > most[2]) {
        count /= 2;
    }
    count
}

/// Adds up the gradients of all parts in the first: of neighbours, then of neighbouring sums, and so on.
pub(crate) fn add_up<N: Trainable>(gradients: &mut [N]) {
    let mut step = 1;
    while step < gradients.len() {
        for pair in gradients.chunks_mut(2 * step) {
            let (sum, other) = pair.split_at_mut(step);
            for tensor in 0..N::TENSORS {
                formulas::add(other[0].tensor(tensor), sum[0].tensor_mut(tensor));
            }
        }
        step *= 2;
    }
}

impl<N: Network> Part<'_, N> {
    /// The first `some` of these parts, and the rest. Where a part ends does not depend on how it was divided from others.
    pub(crate) fn divide(self, some: usize, _: usize) -> (Self, Self) {
        let Self { samples: Range { start, end }, of, parts, .. } = self;
        let middle = parts.start + some;
        let count = of.start(middle) - start;
        let (output, other_output) = self.output.split_at_mut(N::Output::LEN * count);
        let (d_output, other_d_output) = self.d_output.split_at_mut(N::Output::LEN * count);
        let (cache, other_cache) = self.cache.split_at_mut(N::CACHE * count);
        let (scratch, other_scratch) = self.scratch.split_at_mut(N::SCRATCH * count + N::SCRATCH_ONCE * some);
        let (gradients, other_gradients) = self.gradients.split_at_mut(some.min(self.gradients.len()));
        let (d_inputs, other_d_inputs) =
            self.d_inputs.map(|all| all.split_at_mut(input_scalars::<N>() * count)).unzip();
        let samples = start..start + count;
        let other = Self {
            output: other_output,
            d_output: other_d_output,
            cache: other_cache,
            scratch: other_scratch,
            gradients: other_gradients,
            d_inputs: other_d_inputs,
            samples: samples.end..end,
            of,
            parts: middle..parts.end,
        };
        let parts = parts.start..middle;
        (Self { output, d_output, cache, scratch, gradients, d_inputs, samples, of, parts }, other)
    }

    /// The forward pass, of `inputs` of the whole batch.
    pub(crate) fn forward(self, net: &N, inputs: &[Input<'_, N::Scalar>], mode: Mode) {
        let (count, mode) = (self.samples.len(), mode.starting_at(self.samples.start));
        with_inputs::<N>(inputs, self.samples, self.of.samples, |inputs| {
            net.forward_slices(inputs, self.output, self.cache, count, mode);
        });
    }

    /// The backward pass, of `inputs` of the whole batch.
    pub(crate) fn backward(self, net: &N, inputs: &[Input<'_, N::Scalar>], mode: Mode) {
        let Self { output, d_output, cache, scratch, gradients, d_inputs, samples, of, .. } = self;
        let count = samples.len();
        with_inputs::<N>(inputs, samples, of.samples, |inputs| {
            let pass = Pass { inputs, output, cache, d_output, scratch, samples: count, mode };
            net.backward_slices(pass, d_inputs, gradients.first_mut());
        });
    }
}

/// The scalars of all inputs together, a sample.
pub(crate) fn input_scalars<N: Network>() -> usize {
    let of_scalars = N::INPUTS.iter().filter(|input| input.indices.is_none());
    of_scalars.map(|input| input.dims.iter().product::<usize>()).sum()
}

/// Calls `run` with what `inputs` hold of some of `all` samples.
pub(crate) fn with_inputs<N: Network>(
    inputs: &[Input<'_, N::Scalar>],
    some: Range<usize>,
    all: usize,
    run: impl FnOnce(&[Input<'_, N::Scalar>]),
) {
    if some.len() == all {
        return run(inputs);
    }
    let of_some = inputs.iter().zip(N::INPUTS).map(|(input, port)| port.range(input, some.clone()));
    // Few are not worth an allocation.
    let mut few = [Input::Scalars(&[]); FEW];
    if inputs.len() > FEW {
        return run(&of_some.collect::<Vec<_>>());
    }
    few.iter_mut().zip(of_some).for_each(|(few, input)| *few = input);
    run(&few[..inputs.len()]);
}

#[cfg(all(test, feature = "rayon"))]
mod tests {
    use alloc::vec::Vec;

    use rand::SeedableRng;
    use rand::rngs::SmallRng;
    use rayon::ThreadPoolBuilder;
    use rayon::prelude::*;

    use super::{Division, count};
    use crate::prelude::*;
    use crate::step::Step;
    use crate::{Classes, Input, Mode, Parameters, Seed, Target, Workspace, network};

    network! {
        #[loss(softmax_cross_entropy)]
        struct Convolutional(x: [1, 12, 12], bias: [3]) -> [3] {
            x.conv2d(8, kernel = 3).relu().conv2d(8, kernel = 3).relu().flatten().affine(3) + bias
        }
    }

    network! {
        #[loss(softmax_cross_entropy)]
        struct Normalised(x: [1, 12, 12]) -> [3] {
            x.conv2d(8, kernel = 3).batch_norm().relu().conv2d(8, kernel = 3).relu().flatten().affine(3)
        }
    }

    network! {
        #[loss(softmax_cross_entropy)]
        #[random]
        struct Random(x: [1, 12, 12]) -> [3] {
            x.conv2d(8, kernel = 3).dropout(rate = 0.5).conv2d(8, kernel = 3).relu().flatten().affine(3)
        }
    }

    network! {
        struct Large(x: [1024]) -> [1024] {
            x.affine(1024)
        }
    }

    const SAMPLES: usize = 101;

    fn on_threads<R: Send>(threads: usize, run: impl FnOnce() -> R + Send) -> R {
        ThreadPoolBuilder::new().num_threads(threads).build().expect("threads start").install(run)
    }

    fn random<const R: usize>() -> OMatrix<f64, Const<R>, Dyn> {
        OMatrix::from_vec_generic(Const, Dyn(SAMPLES), crate::testing::random(R * SAMPLES, 1))
    }

    fn labels() -> [usize; SAMPLES] {
        core::array::from_fn(|sample| sample % 3)
    }

    #[test]
    fn a_dense_network_takes_a_batch_whole() {
        assert_eq!(count::<Large>(1 << 20), 1);
    }

    #[test]
    fn the_gradients_of_parts_add_up() {
        assert_eq!(count::<Convolutional<f64>>(SAMPLES), 8);
        let net = Convolutional::<f64>::init(&mut SmallRng::seed_from_u64(1));
        let (x, bias) = (random::<144>(), random::<3>());
        let (loss, whole, d_whole) = {
            let inputs = [Input::Scalars(x.as_slice()), Input::Scalars(bias.as_slice())];
            let division = Division { samples: SAMPLES, parts: 1 };
            let step = Step { net: &net, inputs: &inputs, division, mode: Mode::Training(Seed::ZERO) };
            let mut workspace = Workspace::new(SAMPLES);
            step.forward(&mut workspace);
            let loss = step.loss(&Target::from_classes(Classes::Usize(&labels())), &mut workspace);
            let mut d_inputs = step.room();
            step.backward_all(&mut d_inputs, &mut workspace);
            (loss, workspace.into_gradients(), d_inputs)
        };
        let gradient = || net.gradient(&x, &bias, &labels()[..]);
        let (same_loss, sum) = on_threads(1, gradient);
        assert_eq!(same_loss, loss, "how a sample is computed does not depend on the part");
        let (_, same_sum, d_inputs) = on_threads(2, || net.input_gradient(&x, &bias, &labels()[..]));
        assert_eq!(same_sum, sum, "gradients of inputs change nothing");
        assert_eq!([d_inputs.x.as_slice(), d_inputs.bias.as_slice()].concat(), d_whole);
        for tensor in 0..Convolutional::<f64>::TENSORS {
            let pairs = whole.tensor(tensor).iter().zip(sum.tensor(tensor));
            let greatest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(greatest < 1e-14, "{}: {greatest}", Convolutional::<f64>::info(tensor).name);
        }
        for threads in 2..=9 {
            assert_eq!(on_threads(threads, gradient).1, sum, "on {threads} threads");
        }
    }

    /// A network after some steps of Adam from this seed.
    fn trained(seed: u64) -> Convolutional {
        let mut net = Convolutional::init(&mut SmallRng::seed_from_u64(seed));
        let (x, bias) = (random::<144>().cast(), random::<3>().cast());
        let mut adam = Adam::new(1e-2);
        for _ in 0..3 {
            let (_, gradients) = net.gradient(&x, &bias, &labels()[..]);
            adam.step(&mut net, &gradients);
        }
        net
    }

    #[test]
    fn many_trainings_at_once_have_the_bits_of_each_alone() {
        let alone: Vec<_> = (0..50).map(|seed| on_threads(1, || trained(seed))).collect();
        for threads in [2, 3, 4, 8] {
            let at_once: Vec<_> = on_threads(threads, || (0..50).into_par_iter().map(trained).collect());
            assert!(at_once == alone, "on {threads} threads");
        }
    }

    #[test]
    fn a_long_prediction_is_the_same_on_any_number_of_threads() {
        let net = Large::<f64>::init(&mut SmallRng::seed_from_u64(1));
        let x = random();
        let alone = on_threads(1, || net.predict(&x));
        assert!(net.predict(&x) == alone, "handed over to the pool");
        for threads in 2..=5 {
            assert!(on_threads(threads, || net.predict(&x)) == alone, "on {threads} threads");
        }
    }

    #[test]
    fn a_batch_in_which_samples_depend_on_each_other_stays_whole() {
        let net = Normalised::<f64>::init(&mut SmallRng::seed_from_u64(1));
        let x = random();
        let gradient = || net.gradient(&x, &labels()[..]);
        assert_eq!(on_threads(4, gradient), on_threads(1, gradient));
    }

    #[test]
    fn parts_draw_different_numbers() {
        let net = Random::<f64>::init(&mut SmallRng::seed_from_u64(1));
        // Two halves that are the same.
        let half = random::<144>();
        let x = OMatrix::<f64, Const<144>, Dyn>::from_fn(2 * SAMPLES, |row, column| half[(row, column % SAMPLES)]);
        let labels: [_; 2 * SAMPLES] = core::array::from_fn(|sample| labels()[sample % SAMPLES]);
        let gradient = || net.gradient(&x, &labels[..], &mut SmallRng::seed_from_u64(2));
        let (loss, gradients) = on_threads(2, gradient);
        assert_eq!(on_threads(2, gradient), (loss, gradients));
        let gradient = || net.gradient(&half, &labels[..SAMPLES], &mut SmallRng::seed_from_u64(2));
        assert!(on_threads(1, gradient).0 != loss, "the second half repeats the first");
    }
}
