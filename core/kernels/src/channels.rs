//! Channels: each sample holds a plane of scalars for each of them, one after the other.

use crate::simd::Real;
use crate::total::{BLOCK, total_of_pairs};

/// What is known of each channel.
#[derive(Clone, Copy, Debug)]
pub struct Channels<'a, T> {
    /// The scalars of a channel in a sample.
    pub plane: usize,
    /// The mean of each channel.
    pub mean: &'a [T],
    /// What rounding left out of the mean: more than normalised scalars lose where they lie far from 0 beside their deviation.
    pub mean_rest: &'a [T],
    /// 1 / the standard deviation.
    pub inverse: &'a [T],
}

plain! {
    /// Mean and variance of each channel, over samples and planes.
    pub struct ChannelStatistics = statistics {
        /// Samples, channel after channel.
        pub input: &'a [T],
        /// The scalars of a channel in a sample.
        pub plane: usize,
        /// Mean, what rounding leaves out of it, and variance: one of each a channel.
        pub statistics: [&'a mut [T]; 3],
    }
}
plain! {
    /// `output = (input - mean) · inverse · weight + bias`, of its channel.
    pub struct NormaliseChannels = normalise {
        /// Samples, channel after channel.
        pub input: &'a [T],
        /// Mean and deviation.
        pub channels: Channels<'a, T>,
        /// Weight and bias, one of each a channel.
        pub parameters: [&'a [T]; 2],
        /// As long as the input.
        pub output: &'a mut [T],
    }
}
plain! {
    /// The gradients of weight and bias of [`NormaliseChannels`]: `Σ d_output · (input - mean) · inverse` and `Σ d_output`, of
    /// their channel.
    pub struct ChannelParameterGradients = parameter_gradients {
        /// Samples, channel after channel.
        pub input: &'a [T],
        /// Mean and deviation.
        pub channels: Channels<'a, T>,
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// Those of weight and bias.
        pub d_parameters: [&'a mut [T]; 2],
    }
}
plain! {
    /// The gradient of the input of [`NormaliseChannels`], whose mean and variance move with it:
    /// `inverse · weight · (d_output - (d_bias + (input - mean) · inverse · d_weight) / count)`, of its channel.
    pub struct ChannelInputGradient = input_gradient {
        /// Samples, channel after channel.
        pub input: &'a [T],
        /// Mean and deviation of the input.
        pub channels: Channels<'a, T>,
        /// Weight, and the gradients of weight and bias.
        pub parameters: [&'a [T]; 3],
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// As long as the input.
        pub d_input: &'a mut [T],
    }
}
plain! {
    /// The sum of each channel, over samples and planes.
    pub struct ChannelSums = totals {
        /// Samples, channel after channel.
        pub scalars: &'a [T],
        /// The scalars of a channel in a sample.
        pub plane: usize,
        /// One a channel.
        pub sums: &'a mut [T],
    }
}
plain! {
    /// Adds to each scalar the number of its channel.
    pub struct AddToChannels = add {
        /// One a channel.
        pub numbers: &'a [T],
        /// The scalars of a channel in a sample.
        pub plane: usize,
        /// Samples, channel after channel.
        pub scalars: &'a mut [T],
    }
}

/// The channels whose sums are kept together.
const GROUP: usize = 16;

/// Mean and variance of each channel, over samples and planes, and what rounding leaves out of the mean.
#[inline(always)]
fn statistics<T: Real>(input: &[T], plane: usize, [mean, mean_rest, variance]: [&mut [T]; 3]) {
    let count = T::from_f64((input.len() / mean.len()).max(1) as f64);
    totals(input, plane, mean);
    for mean in mean.iter_mut() {
        *mean /= count;
    }
    sums([input; 2], plane, mean, mean_rest, |x, _| x);
    sums([input; 2], plane, mean, variance, |x, _| x * x);
    for (variance, rest) in variance.iter_mut().zip(mean_rest) {
        *rest /= count;
        *variance = *variance / count - *rest * *rest;
        if !variance.is_finite() {
            // Beside an infinite one all scalars would be taken for 0.
            *variance = T::from_f64(f64::NAN);
        }
    }
}

/// `output = (input - mean) · inverse · weight + bias`, of its channel.
#[inline(always)]
fn normalise<T: Real>(input: &[T], channels: Channels<'_, T>, [weight, bias]: [&[T]; 2], output: &mut [T]) {
    let Channels { plane, mean, mean_rest, inverse } = channels;
    if plane == 1 {
        for (output, input) in output.chunks_exact_mut(mean.len()).zip(input.chunks_exact(mean.len())) {
            for (channel, (output, &input)) in output.iter_mut().zip(input).enumerate() {
                let centred = input - mean[channel] - mean_rest[channel];
                *output = centred * (inverse[channel] * weight[channel]) + bias[channel];
            }
        }
        return;
    }
    let planes = output.chunks_exact_mut(plane).zip(input.chunks_exact(plane));
    for (channel, (output, input)) in each_channel(mean).zip(planes) {
        let (mean, scale) = (mean[channel], inverse[channel] * weight[channel]);
        let bias = bias[channel] - mean_rest[channel] * scale;
        for (output, &input) in output.iter_mut().zip(input) {
            *output = (input - mean) * scale + bias;
        }
    }
}

/// The gradients of weight and bias: `Σ d_output · (input - mean) · inverse` and `Σ d_output`, of their channel.
#[inline(always)]
fn parameter_gradients<T: Real>(
    input: &[T],
    channels: Channels<'_, T>,
    d_output: &[T],
    [d_weight, d_bias]: [&mut [T]; 2],
) {
    let Channels { plane, mean, mean_rest, inverse } = channels;
    totals(d_output, plane, d_bias);
    sums([input, d_output], plane, mean, d_weight, |x, d| x * d);
    for (channel, d_weight) in d_weight.iter_mut().enumerate() {
        *d_weight = (*d_weight - mean_rest[channel] * d_bias[channel]) * inverse[channel];
    }
}

/// The gradient of the input, whose mean and variance move with it:
/// `inverse · weight · (d_output - (d_bias + (input - mean) · inverse · d_weight) / count)`, of its channel.
#[inline(always)]
fn input_gradient<T: Real>(
    input: &[T],
    channels: Channels<'_, T>,
    [weight, d_weight, d_bias]: [&[T]; 3],
    d_output: &[T],
    d_input: &mut [T],
) {
    let Channels { plane, mean, mean_rest, inverse } = channels;
    let share = T::ONE / T::from_f64((input.len() / mean.len()).max(1) as f64);
    let planes = input.chunks_exact(plane).zip(d_output.chunks_exact(plane));
    for (channel, (d_input, (input, d_output))) in each_channel(mean).zip(d_input.chunks_exact_mut(plane).zip(planes)) {
        let (mean, scale) = (mean[channel], inverse[channel] * weight[channel]);
        let slope = inverse[channel] * d_weight[channel] * share;
        let constant = d_bias[channel] * share - mean_rest[channel] * slope;
        for ((d_x, &x), &d) in d_input.iter_mut().zip(input).zip(d_output) {
            *d_x = scale * (d - constant - (x - mean) * slope);
        }
    }
}

/// The sum of each channel.
#[inline(always)]
fn totals<T: Real>(scalars: &[T], plane: usize, totals: &mut [T]) {
    sums([scalars; 2], plane, &[], totals, |x, _| x);
}

/// Adds a number of its own to each scalar of a channel.
#[inline(always)]
fn add<T: Real>(numbers: &[T], plane: usize, scalars: &mut [T]) {
    for (channel, scalars) in each_channel(numbers).zip(scalars.chunks_exact_mut(plane)) {
        let number = numbers[channel];
        for scalar in scalars {
            *scalar += number;
        }
    }
}

/// The sum of the terms of the pairs of each channel, whose `centres`, if there are any, are subtracted from the left ones.
#[inline(always)]
fn sums<T: Real>([left, right]: [&[T]; 2], plane: usize, centres: &[T], sums: &mut [T], term: impl Fn(T, T) -> T) {
    let sample = sums.len() * plane;
    for (group, sums) in sums.chunks_mut(GROUP).enumerate() {
        let channels = group * GROUP..group * GROUP + sums.len();
        let scalars = channels.start * plane..channels.end * plane;
        let (mut centre, mut totals) = ([T::ZERO; GROUP], [0.0; GROUP]);
        if let Some(centres) = centres.get(channels) {
            centre[..centres.len()].copy_from_slice(centres);
        }
        for (left, right) in left.chunks(BLOCK * sample).zip(right.chunks(BLOCK * sample)) {
            let mut block = [T::ZERO; GROUP];
            for (left, right) in left.chunks_exact(sample).zip(right.chunks_exact(sample)) {
                let (left, right) = (&left[scalars.clone()], &right[scalars.clone()]);
                let block = block.iter_mut().zip(centre);
                if plane == 1 {
                    for ((sum, centre), (&x, &y)) in block.zip(left.iter().zip(right)) {
                        *sum += term(x - centre, y);
                    }
                } else {
                    let planes = left.chunks_exact(plane).zip(right.chunks_exact(plane));
                    for ((sum, centre), (left, right)) in block.zip(planes) {
                        *sum += T::from_f64(total_of_pairs(left, right, |x, y| term(x - centre, y)));
                    }
                }
            }
            for (total, sum) in totals.iter_mut().zip(block) {
                *total += sum.to_f64();
            }
        }
        for (sum, total) in sums.iter_mut().zip(totals) {
            *sum = T::from_f64(total);
        }
    }
}

/// The channels of one sample after the other, of which something is known in `all`.
fn each_channel<T>(all: &[T]) -> impl Iterator<Item = usize> + use<T> {
    (0..all.len()).cycle()
}
