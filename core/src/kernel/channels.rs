//! Channels normalised over a batch. Each sample holds a plane of scalars for each channel, one after the other.

use crate::Scalar;

plain!(Statistics<T: Scalar> = statistics(input: &'a [T], plane: usize, statistics: [&'a mut [T]; 2]));
plain!(Normalise<T: Scalar> = normalise(
    input: &'a [T],
    channels: Channels<'a, T>,
    parameters: [&'a [T]; 2],
    output: &'a mut [T]
));
plain!(ParameterGradients<T: Scalar> = parameter_gradients(
    input: &'a [T],
    channels: Channels<'a, T>,
    d_output: &'a [T],
    d_parameters: [&'a mut [T]; 2]
));
plain!(InputGradient<T: Scalar> = input_gradient(
    input: &'a [T],
    channels: Channels<'a, T>,
    parameters: [&'a [T]; 3],
    d_output: &'a [T],
    d_input: &'a mut [T]
));
plain!(Totals<T: Scalar> = totals(scalars: &'a [T], plane: usize, totals: &'a mut [T]));
plain!(Add<T: Scalar> = add(numbers: &'a [T], plane: usize, scalars: &'a mut [T]));

/// The planes that are summed side by side: each sum waits for the one before.
const RUNS: usize = 8;

/// What is known of each channel.
#[derive(Clone, Copy)]
pub struct Channels<'a, T> {
    /// The scalars of a channel in a sample.
    pub(crate) plane: usize,
    pub(crate) mean: &'a [T],
    /// One by the standard deviation.
    pub(crate) inverse: &'a [T],
}

/// Mean and variance of each channel, over samples and planes.
#[inline(always)]
fn statistics<T: Scalar>(input: &[T], plane: usize, [mean, variance]: [&mut [T]; 2]) {
    let count = T::nearest((input.len() / mean.len()).max(1) as f64);
    totals(input, plane, mean);
    for mean in mean.iter_mut() {
        *mean /= count;
    }
    sums(input, plane, variance, |channel, scalars| sum(scalars, |x| (x - mean[channel]) * (x - mean[channel])));
    for variance in variance {
        *variance /= count;
    }
}

/// `output = (input - mean) · inverse · weight + bias`, of its channel.
#[inline(always)]
fn normalise<T: Scalar>(input: &[T], channels: Channels<'_, T>, [weight, bias]: [&[T]; 2], output: &mut [T]) {
    let Channels { plane, mean, inverse } = channels;
    if plane == 1 {
        for (output, input) in output.chunks_exact_mut(mean.len()).zip(input.chunks_exact(mean.len())) {
            for (channel, (output, &input)) in output.iter_mut().zip(input).enumerate() {
                *output = (input - mean[channel]) * (inverse[channel] * weight[channel]) + bias[channel];
            }
        }
        return;
    }
    let planes = output.chunks_exact_mut(plane).zip(input.chunks_exact(plane));
    for (channel, (output, input)) in each_channel(mean).zip(planes) {
        let (mean, scale, bias) = (mean[channel], inverse[channel] * weight[channel], bias[channel]);
        for (output, &input) in output.iter_mut().zip(input) {
            *output = (input - mean) * scale + bias;
        }
    }
}

/// The gradients of weight and bias: `Σ d_output · (input - mean) · inverse` and `Σ d_output`, of their channel.
#[inline(always)]
fn parameter_gradients<T: Scalar>(
    input: &[T],
    channels: Channels<'_, T>,
    d_output: &[T],
    [d_weight, d_bias]: [&mut [T]; 2],
) {
    let Channels { plane, mean, inverse } = channels;
    totals(d_output, plane, d_bias);
    d_weight.fill(T::ZERO);
    let planes = input.chunks_exact(plane).zip(d_output.chunks_exact(plane));
    for (channel, (input, d_output)) in each_channel(mean).zip(planes) {
        let mean = mean[channel];
        d_weight[channel] += sum_of_pairs(input, d_output, |x, d| (x - mean) * d);
    }
    for (d_weight, &inverse) in d_weight.iter_mut().zip(inverse) {
        *d_weight *= inverse;
    }
}

/// The gradient of the input, whose mean and variance move with it:
/// `inverse · weight · (d_output - (d_bias + (input - mean) · inverse · d_weight) / count)`, of its channel.
#[inline(always)]
fn input_gradient<T: Scalar>(
    input: &[T],
    channels: Channels<'_, T>,
    [weight, d_weight, d_bias]: [&[T]; 3],
    d_output: &[T],
    d_input: &mut [T],
) {
    let Channels { plane, mean, inverse } = channels;
    let share = T::ONE / T::nearest((input.len() / mean.len()).max(1) as f64);
    let planes = input.chunks_exact(plane).zip(d_output.chunks_exact(plane));
    for (channel, (d_input, (input, d_output))) in each_channel(mean).zip(d_input.chunks_exact_mut(plane).zip(planes)) {
        let (mean, scale) = (mean[channel], inverse[channel] * weight[channel]);
        let (constant, slope) = (d_bias[channel] * share, inverse[channel] * d_weight[channel] * share);
        for ((d_x, &x), &d) in d_input.iter_mut().zip(input).zip(d_output) {
            *d_x = scale * (d - constant - (x - mean) * slope);
        }
    }
}

/// The sum of each channel.
#[inline(always)]
fn totals<T: Scalar>(scalars: &[T], plane: usize, totals: &mut [T]) {
    sums(scalars, plane, totals, |_, scalars| sum(scalars, |x| x));
}

/// Adds a number of its own to each scalar of a channel.
#[inline(always)]
fn add<T: Scalar>(numbers: &[T], plane: usize, scalars: &mut [T]) {
    for (channel, scalars) in each_channel(numbers).zip(scalars.chunks_exact_mut(plane)) {
        let number = numbers[channel];
        for scalar in scalars {
            *scalar += number;
        }
    }
}

/// Adds up what `of_plane` makes of each plane of a channel.
#[inline(always)]
fn sums<T: Scalar>(scalars: &[T], plane: usize, sums: &mut [T], of_plane: impl Fn(usize, &[T]) -> T) {
    sums.fill(T::ZERO);
    for (channel, scalars) in each_channel(sums).zip(scalars.chunks_exact(plane)) {
        sums[channel] += of_plane(channel, scalars);
    }
}

/// The channels of one sample after the other, of which something is known in `all`.
fn each_channel<T>(all: &[T]) -> impl Iterator<Item = usize> + use<T> {
    (0..all.len()).cycle()
}

/// The sum of the terms, in runs side by side.
#[inline(always)]
pub(super) fn sum<T: Scalar>(scalars: &[T], term: impl Fn(T) -> T) -> T {
    sum_of_pairs(scalars, scalars, |x, _| term(x))
}

/// The sum of the terms of all pairs, in runs side by side.
#[inline(always)]
pub(super) fn sum_of_pairs<T: Scalar>(left: &[T], right: &[T], term: impl Fn(T, T) -> T) -> T {
    let ((left, left_rest), (right, right_rest)) = (left.as_chunks::<RUNS>(), right.as_chunks::<RUNS>());
    let mut runs = [T::ZERO; RUNS];
    for (left, right) in left.iter().zip(right) {
        for index in 0..RUNS {
            runs[index] += term(left[index], right[index]);
        }
    }
    let rest = left_rest.iter().zip(right_rest).fold(T::ZERO, |sum, (&left, &right)| sum + term(left, right));
    runs.into_iter().fold(rest, |sum, run| sum + run)
}
