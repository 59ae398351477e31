//! The inner loops: run-time sizes, slices of contiguous samples, compiled once for `f32` and once for `f64`.
//!
//! Everything that is worth a vector instruction goes through [`Kernel`]; nothing above knows how it is done. Each product is
//! one `pulp::WithSimd`, compiled for every instruction set that may be there and chosen at run time. The same input
//! gives the same bits on the same machine. Speeds in comments were measured in `f32` on one core, Zen 3 where no other is
//! named.

/// A loop over `0..$n`, at most 8, written out: LLVM leaves the sums of a tile in memory where it keeps a loop over them
/// (Zen 5: 33 instead of 230 GFLOP/s).
macro_rules! unroll {
    ($i:ident < $n:ident, $body:block) => {
        unroll!($i < $n, $body, 0 1 2 3 4 5 6 7)
    };
    ($i:ident < $n:ident, $body:block, $($index:literal)*) => {
        $(
            let $i = $index;
            if $i < $n $body
        )*
    };
}

/// A struct that calls an `#[inline(always)]` function of plain loops when it is dispatched: the compiler makes vectors of
/// them. A closure is not always inlined into what is compiled for the instruction set, and loses it (AVX2: half the speed).
macro_rules! plain {
    ($name:ident<$t:ident: $bound:path> = $function:ident($($field:ident: $type:ty),*)) => {
        #[allow(clippy::struct_field_names, reason = "they are named as the arguments of the function")]
        pub(super) struct $name<'a, $t> {
            $(pub(super) $field: $type),*
        }

        impl<$t: $bound> pulp::WithSimd for $name<'_, $t> {
            type Output = ();

            #[inline(always)]
            fn with_simd<S: pulp::Simd>(self, _: S) {
                $function($(self.$field),*);
            }
        }
    };
}

mod bytes;
mod channels;
mod conv;
mod dots;
mod formulas;
mod functions;
mod lanes;
mod map;
mod mask;
mod one_sample;
mod pool;
#[cfg(feature = "std")]
mod prefetch;
mod resize;
mod row_sum;
mod rows;
mod split;
mod sums;
#[cfg(test)]
mod tests;
mod total;
mod vector;

use nalgebra::{Dim, Matrix, RawStorage};

pub(crate) use channels::Channels;
pub(crate) use conv::Geometry;
pub(crate) use functions::Functions;
pub(crate) use lanes::Lanes;
pub(crate) use map::Formula;
#[cfg(feature = "std")]
pub(crate) use prefetch::prefetch;
pub(crate) use total::{sum_and_rest, total, total_of_pairs};
pub(crate) use vector::Vector;

use dots::Dots;
use formulas::{Axpy, Divide, DivisorGradient, Multiply, NegativeProduct};
use map::Map;
use one_sample::OneSample;
use row_sum::RowSum;
use split::Dispatch as _;
use sums::Sums;
use total::Total;

use crate::layer::{self, Activation, Pool};
use crate::loss::{self, Comparison};
use crate::optimizer::{ada_grad, adam, momentum, nesterov, rms_prop, sgd};
use crate::target::Target;

/// The inner loops of one scalar type.
///
/// `input` and `output` hold samples of `inputs` and `outputs` scalars; `weight` holds `outputs` columns of `inputs`.
pub trait Kernel: Sized {
    /// `output = activation(weightᵀ · input + bias)`, each sample.
    fn affine(
        input: &[Self],
        weight_and_bias: [&[Self]; 2],
        activation: Option<Activation>,
        output: &mut [Self],
        inputs: usize,
    );
    /// `d_weight = Σ input · d_outputᵀ` over the samples.
    ///
    /// Works in `scratch`, which is as long as `d_output`.
    fn affine_d_weight(
        input: &[Self],
        d_output: &[Self],
        d_weight: &mut [Self],
        sizes: [usize; 2],
        scratch: &mut [Self],
    );
    /// `d_bias = Σ d_output` over the samples.
    fn affine_d_bias(d_output: &[Self], d_bias: &mut [Self]);
    /// `d_input = weight · d_output`, each sample.
    fn affine_d_input(weight: &[Self], d_output: &[Self], d_input: &mut [Self], inputs: usize);
    /// `y += a · x`.
    fn axpy(a: Self, x: &[Self], y: &mut [Self]);
    /// `product = a · b`, scalar by scalar.
    fn multiply(a: &[Self], b: &[Self], product: &mut [Self]);
    /// `quotient = a / b`, scalar by scalar.
    fn divide(a: &[Self], b: &[Self], quotient: &mut [Self]);
    /// Turns gradients of quotients `a / b` into those of `b`.
    fn divisor_gradient(operands: [&[Self]; 2], gradient: &mut [Self]);
    /// Turns inputs of `activation` into its outputs.
    fn activate(activation: Activation, scalars: &mut [Self]);
    /// Turns gradients of the outputs of `activation` into those of its inputs, from inputs and outputs.
    fn activation_gradient(activation: Activation, forward: [&[Self]; 2], gradient: &mut [Self]);

    /// The softmax of each sample of `rows` scores.
    fn softmax(scores: &[Self], rows: usize, output: &mut [Self]);
    /// The gradient of the scores, from the softmax and its gradient.
    fn softmax_gradient(output: &[Self], d_output: &[Self], rows: usize, d_scores: &mut [Self]);
    /// The logarithm of the softmax of each sample of `rows` scores.
    fn log_softmax(scores: &[Self], rows: usize, output: &mut [Self]);
    /// The gradient of the scores, from the logarithm of the softmax and its gradient.
    fn log_softmax_gradient(output: &[Self], d_output: &[Self], rows: usize, d_scores: &mut [Self]);
    /// As [`Loss::evaluate`](crate::loss::Loss::evaluate).
    fn softmax_cross_entropy(
        loss: loss::SoftmaxCrossEntropy,
        scores: &[Self],
        target: &Target<'_, Self>,
        rows: usize,
        d_scores: Option<&mut [Self]>,
    ) -> Self
    where
        Self: crate::Scalar;
    /// The sum over all scores divided by `count`, and where asked for the gradient of that.
    fn compare(
        comparison: Comparison,
        scores_and_target: [&[Self]; 2],
        count: usize,
        d_scores: Option<&mut [Self]>,
    ) -> Self;

    /// `output = activation(Σ weight · window + bias)`, each output of each sample; no bias is one of 0.
    ///
    /// Works in `room`, as long as the geometry says, where the windows slide over copies of the images.
    fn conv(
        input: &[Self],
        room: &mut [Self],
        weight_and_bias: [&[Self]; 2],
        activation: Option<Activation>,
        output: &mut [Self],
        geometry: Geometry,
    );
    /// `d_weight = Σ d_output · window` over outputs and samples, from what [`conv`](Self::conv) slid over.
    ///
    /// Works in `room`, twice as long as `d_weight`.
    fn conv_d_weight(images: &[Self], d_output: &[Self], d_weight: &mut [Self], geometry: Geometry, room: &mut [Self]);
    /// The sum of what `weight` makes of each output for the scalars of its window.
    ///
    /// Works in `room`, as long as the geometry says.
    fn conv_d_input(weight: &[Self], d_output: &[Self], room: &mut [Self], d_input: &mut [Self], geometry: Geometry);
    /// The sum of each channel, over samples and planes.
    fn channel_sums(scalars: &[Self], plane: usize, sums: &mut [Self]);
    /// Adds a number of its own to each scalar of a channel.
    fn add_to_channels(numbers: &[Self], plane: usize, scalars: &mut [Self]);
    /// The greatest scalar of each window.
    fn max_pool(input: &[Self], pool: Pool, output: &mut [Self]);
    /// The gradient of each output to the first of its window that is as great. `scratch` is as long as `d_output`.
    fn max_pool_gradient(
        forward: [&[Self]; 2],
        pool: Pool,
        d_output: &[Self],
        d_input: &mut [Self],
        scratch: &mut [Self],
    );
    /// The mean of each window.
    fn avg_pool(input: &[Self], pool: Pool, output: &mut [Self]);
    /// The gradient of each output in equal shares to its window.
    fn avg_pool_gradient(d_output: &[Self], pool: Pool, d_input: &mut [Self]);
    /// The mean of each `len` scalars.
    fn means(scalars: &[Self], len: usize, means: &mut [Self]);
    /// The gradient of each mean in equal shares to its `len` scalars.
    fn means_gradient(d_means: &[Self], len: usize, d_scalars: &mut [Self]);
    /// Mean and variance of each channel, and between them what rounding left out of the mean.
    fn channel_statistics(input: &[Self], plane: usize, statistics: [&mut [Self]; 3]);
    /// `output = (input - mean) · inverse · weight + bias`, of its channel.
    fn normalise(input: &[Self], channels: Channels<'_, Self>, parameters: [&[Self]; 2], output: &mut [Self]);
    /// The gradients of weight and bias of [`normalise`](Self::normalise).
    fn normalise_parameter_gradients(
        input: &[Self],
        channels: Channels<'_, Self>,
        d_output: &[Self],
        d_parameters: [&mut [Self]; 2],
    );
    /// The gradient of the input of [`normalise`](Self::normalise) from `weight`, `d_weight` and `d_bias`, where mean and
    /// deviation are those of the input.
    fn normalise_gradient(
        input: &[Self],
        channels: Channels<'_, Self>,
        parameters: [&[Self]; 3],
        d_output: &[Self],
        d_input: &mut [Self],
    );
    /// `output = (input - mean) · inverse · weight`, each row by itself; keeps of each the mean, what rounding left out of it,
    /// and the inverse deviation.
    fn normalise_rows(
        input: &[Self],
        is_centred: bool,
        weight: &[Self],
        statistics: [&mut [Self]; 3],
        output: &mut [Self],
    );
    /// The gradients of weight and input of [`normalise_rows`](Self::normalise_rows).
    ///
    /// Works in `room`, twice as long as a row.
    fn normalise_rows_gradient(
        forward: [&[Self]; 2],
        statistics: [&[Self]; 3],
        is_centred: bool,
        d_output: &[Self],
        gradients: [Option<&mut [Self]>; 2],
        room: &mut [Self],
    );
    /// A step of [`Lstm`](crate::layer::Lstm): writes cell and state, from the gates and the cell before.
    fn lstm(gates: [&[Self]; 4], cell_before: &[Self], written: [&mut [Self]; 2]);
    /// The gradients of that: turns that of the cell into that of the cell before, and writes those of what the gates are
    /// functions of.
    fn lstm_gradient(
        gates: [&[Self]; 4],
        cells: [&[Self]; 2],
        d_state: &[Self],
        d_cell: &mut [Self],
        d_gates: [&mut [Self]; 4],
    );
    /// A step of [`Gru`](crate::layer::Gru): turns what `n` makes of the input into `n`, and writes the state, from `r`, `z`,
    /// what `n` makes of the state, and the state before.
    fn gru(read: [&[Self]; 4], written: [&mut [Self]; 2]);
    /// The gradients of that: turns what goes straight to the state into that of the state before, and writes those of what
    /// `r`, `z` and `n` are functions of, and of what `n` makes of the state.
    fn gru_gradient(
        parts: [&[Self]; 4],
        before: &[Self],
        d_state: &[Self],
        carried: &mut [Self],
        d_parts: [&mut [Self]; 4],
    );
    /// Turns scores, `rows` rows of `rows` for each sample, into their softmax, each row by itself; where they are `causal`, of
    /// those up to the diagonal alone.
    fn attend(scores: &mut [Self], rows: usize, is_causal: bool);
    /// `1 / (1 - rate)` at places that are kept, 0 at a share `rate` of them, as `seed` says.
    fn dropout_mask(seed: u64, rate: f64, mask: &mut [Self]);
    /// Each row of `width` scalars, and each scalar of it, as many times as `factors` say.
    fn upsample(input: &[Self], width: usize, factors: [usize; 2], output: &mut [Self]);
    /// The sum of the gradients of all that a scalar became.
    fn upsample_gradient(d_output: &[Self], width: usize, factors: [usize; 2], d_input: &mut [Self]);
    /// Each sample from the first of two `sizes` to the second, repeated where it is 1.
    fn broadcast(input: &[Self], sizes: [[usize; 3]; 2], output: &mut [Self]);
    /// The sum of the gradients of all that a scalar became.
    fn broadcast_gradient(d_output: &[Self], sizes: [[usize; 3]; 2], d_input: &mut [Self]);
    /// Each channel of `image` rows and columns with `padding` zeros before and after them.
    fn zero_pad(input: &[Self], image: [usize; 2], padding: [usize; 2], output: &mut [Self]);
    /// What [`zero_pad`](Self::zero_pad) is given, out of what it makes.
    fn crop(padded: &[Self], image: [usize; 2], padding: [usize; 2], output: &mut [Self]);

    /// A step of [`Sgd`](crate::Sgd): writes parameters.
    fn sgd(rule: sgd::Rule, gradient: &[Self], written: [&mut [Self]; 1]);
    /// A step of [`Momentum`](crate::Momentum): writes parameters and velocity.
    fn momentum(rule: momentum::Rule, gradient: &[Self], written: [&mut [Self]; 2]);
    /// A step of [`Nesterov`](crate::Nesterov): writes parameters and velocity.
    fn nesterov(rule: nesterov::Rule, gradient: &[Self], written: [&mut [Self]; 2]);
    /// A step of [`Adam`](crate::Adam) or [`AdamW`](crate::AdamW): writes parameters and both moments.
    fn adam(rule: adam::Rule, gradient: &[Self], written: [&mut [Self]; 3]);
    /// A step of [`RmsProp`](crate::RmsProp): writes parameters and mean square.
    fn rms_prop(rule: rms_prop::Rule, gradient: &[Self], written: [&mut [Self]; 2]);
    /// A step of [`AdaGrad`](crate::AdaGrad): writes parameters and sum of squares.
    fn ada_grad(rule: ada_grad::Rule, gradient: &[Self], written: [&mut [Self]; 2]);

    /// `Σ input · d_output` where `input` is not above 0.
    fn sum_of_negative(input: &[Self], d_output: &[Self]) -> Self;

    /// `scalars = bytes / 255`.
    fn from_bytes(bytes: &[u8], scalars: &mut [Self]);
}

macro_rules! kernel {
    ($($t:ty),*) => {$(
        impl Kernel for $t {
            fn affine(
                input: &[Self],
                [weight, bias]: [&[Self]; 2],
                activation: Option<Activation>,
                output: &mut [Self],
                inputs: usize,
            ) {
                if input.len() == inputs {
                    split::run(OneSample { input, weight, bias, activation, output });
                } else {
                    split::run(Dots { input, weight, bias, activation, output, inputs });
                }
            }
            fn affine_d_weight(
                input: &[Self],
                d_output: &[Self],
                d_weight: &mut [Self],
                sizes: [usize; 2],
                scratch: &mut [Self],
            ) {
                split::run(Sums::d_weight(input, d_output, d_weight, sizes, scratch));
            }
            fn affine_d_bias(d_output: &[Self], d_bias: &mut [Self]) {
                RowSum { rows: d_output, sum: d_bias }.narrow();
            }
            fn affine_d_input(weight: &[Self], d_output: &[Self], d_input: &mut [Self], inputs: usize) {
                split::run(Sums::d_input(weight, d_output, d_input, inputs));
            }
            fn axpy(a: Self, x: &[Self], y: &mut [Self]) {
                split::run(Map { formula: Axpy(a), read: [x], written: [y] });
            }
            fn multiply(a: &[Self], b: &[Self], product: &mut [Self]) {
                split::run(Map { formula: Multiply, read: [a, b], written: [product] });
            }
            fn divide(a: &[Self], b: &[Self], quotient: &mut [Self]) {
                split::run(Map { formula: Divide, read: [a, b], written: [quotient] });
            }
            fn divisor_gradient(operands: [&[Self]; 2], gradient: &mut [Self]) {
                split::run(Map { formula: DivisorGradient, read: operands, written: [gradient] });
            }
            fn activate(activation: Activation, scalars: &mut [Self]) {
                layer::with_activation!(activation, function => {
                    split::run(Map { formula: layer::Value(function), read: [], written: [scalars] });
                });
            }
            fn activation_gradient(activation: Activation, forward: [&[Self]; 2], gradient: &mut [Self]) {
                layer::with_activation!(activation, function => {
                    split::run(Map { formula: layer::DInput(function), read: forward, written: [gradient] });
                });
            }
            fn softmax(scores: &[Self], rows: usize, output: &mut [Self]) {
                layer::softmax(scores, rows, output);
            }
            fn softmax_gradient(output: &[Self], d_output: &[Self], rows: usize, d_scores: &mut [Self]) {
                layer::softmax_gradient(output, d_output, rows, d_scores);
            }
            fn log_softmax(scores: &[Self], rows: usize, output: &mut [Self]) {
                layer::log_softmax(scores, rows, output);
            }
            fn log_softmax_gradient(output: &[Self], d_output: &[Self], rows: usize, d_scores: &mut [Self]) {
                layer::log_softmax_gradient(output, d_output, rows, d_scores);
            }
            fn softmax_cross_entropy(
                loss: loss::SoftmaxCrossEntropy,
                scores: &[Self],
                target: &Target<'_, Self>,
                rows: usize,
                d_scores: Option<&mut [Self]>,
            ) -> Self {
                loss::softmax_cross_entropy(loss, scores, target, rows, d_scores)
            }
            fn compare(
                comparison: Comparison,
                scores_and_target: [&[Self]; 2],
                count: usize,
                d_scores: Option<&mut [Self]>,
            ) -> Self {
                let read = scores_and_target;
                loss::with_comparison!(comparison, loss => {
                    if let Some(d_scores) = d_scores {
                        let formula = loss::DScore { loss, share: 1.0 / count as f64 };
                        split::run(Map { formula, read, written: [d_scores] });
                    }
                    Self::from_f64(Total { term: loss::Value(loss), read }.narrow() / count as f64)
                })
            }
            fn conv(
                input: &[Self],
                room: &mut [Self],
                [weight, bias]: [&[Self]; 2],
                activation: Option<Activation>,
                output: &mut [Self],
                geometry: Geometry,
            ) {
                split::run(conv::Forward { input, room, weight, bias, activation, output, geometry });
            }
            fn conv_d_weight(
                images: &[Self],
                d_output: &[Self],
                d_weight: &mut [Self],
                geometry: Geometry,
                room: &mut [Self],
            ) {
                split::run(conv::WeightGradient { images, d_output, d_weight, first: 0, geometry, room });
            }
            fn conv_d_input(
                weight: &[Self],
                d_output: &[Self],
                room: &mut [Self],
                d_input: &mut [Self],
                geometry: Geometry,
            ) {
                split::run(conv::InputGradient { weight, d_output, room, d_input, geometry });
            }
            fn channel_sums(scalars: &[Self], plane: usize, sums: &mut [Self]) {
                channels::Totals { scalars, plane, totals: sums }.narrow();
            }
            fn add_to_channels(numbers: &[Self], plane: usize, scalars: &mut [Self]) {
                channels::Add { numbers, plane, scalars }.narrow();
            }
            fn max_pool(input: &[Self], pool: Pool, output: &mut [Self]) {
                pool::Max { input, pool, output, least: Self::NEG_INFINITY }.narrow();
            }
            fn max_pool_gradient(
                forward: [&[Self]; 2],
                pool: Pool,
                d_output: &[Self],
                d_input: &mut [Self],
                scratch: &mut [Self],
            ) {
                pool::MaxGradient { forward, pool, d_output, d_input, scratch }.narrow();
            }
            fn avg_pool(input: &[Self], pool: Pool, output: &mut [Self]) {
                pool::Avg { input, pool, output }.narrow();
            }
            fn avg_pool_gradient(d_output: &[Self], pool: Pool, d_input: &mut [Self]) {
                pool::AvgGradient { d_output, pool, d_input }.narrow();
            }
            fn means(scalars: &[Self], len: usize, means: &mut [Self]) {
                pool::Means { scalars, len, means }.narrow();
            }
            fn means_gradient(d_means: &[Self], len: usize, d_scalars: &mut [Self]) {
                pool::means_gradient(d_means, len, d_scalars);
            }
            fn channel_statistics(input: &[Self], plane: usize, statistics: [&mut [Self]; 3]) {
                channels::Statistics { input, plane, statistics }.narrow();
            }
            fn normalise(input: &[Self], channels: Channels<'_, Self>, parameters: [&[Self]; 2], output: &mut [Self]) {
                channels::Normalise { input, channels, parameters, output }.narrow();
            }
            fn normalise_parameter_gradients(
                input: &[Self],
                channels: Channels<'_, Self>,
                d_output: &[Self],
                d_parameters: [&mut [Self]; 2],
            ) {
                channels::ParameterGradients { input, channels, d_output, d_parameters }.narrow();
            }
            fn normalise_gradient(
                input: &[Self],
                channels: Channels<'_, Self>,
                parameters: [&[Self]; 3],
                d_output: &[Self],
                d_input: &mut [Self],
            ) {
                channels::InputGradient { input, channels, parameters, d_output, d_input }.narrow();
            }
            fn normalise_rows(
                input: &[Self],
                is_centred: bool,
                weight: &[Self],
                statistics: [&mut [Self]; 3],
                output: &mut [Self],
            ) {
                let len = weight.len();
                rows::Normalise { input, len, is_centred, weight, statistics, output }.narrow();
            }
            fn normalise_rows_gradient(
                [input, weight]: [&[Self]; 2],
                statistics: [&[Self]; 3],
                is_centred: bool,
                d_output: &[Self],
                [d_weight, d_input]: [Option<&mut [Self]>; 2],
                room: &mut [Self],
            ) {
                if let Some(d_weight) = d_weight {
                    rows::WeightGradient { input, statistics, d_output, d_weight, room }.narrow();
                }
                if let Some(d_input) = d_input {
                    rows::InputGradient { input, weight, statistics, is_centred, d_output, d_input }.narrow();
                }
            }
            fn lstm([input, forget, new, out]: [&[Self]; 4], cell_before: &[Self], written: [&mut [Self]; 2]) {
                split::run(Map { formula: layer::LstmStep, read: [input, forget, new, out, cell_before], written });
            }
            fn lstm_gradient(
                [input, forget, new, out]: [&[Self]; 4],
                [cell_before, cell]: [&[Self]; 2],
                d_state: &[Self],
                d_cell: &mut [Self],
                [d_input, d_forget, d_new, d_out]: [&mut [Self]; 4],
            ) {
                split::run(Map {
                    formula: layer::LstmStepGradient,
                    read: [input, forget, new, out, cell_before, cell, d_state],
                    written: [d_cell, d_input, d_forget, d_new, d_out],
                });
            }
            fn gru(read: [&[Self]; 4], written: [&mut [Self]; 2]) {
                split::run(Map { formula: layer::GruStep, read, written });
            }
            fn gru_gradient(
                [reset, update, new, product]: [&[Self]; 4],
                before: &[Self],
                d_state: &[Self],
                carried: &mut [Self],
                [d_reset, d_update, d_new, d_product]: [&mut [Self]; 4],
            ) {
                split::run(Map {
                    formula: layer::GruStepGradient,
                    read: [reset, update, new, product, before, d_state],
                    written: [carried, d_reset, d_update, d_new, d_product],
                });
            }
            fn attend(scores: &mut [Self], rows: usize, is_causal: bool) {
                layer::attend(scores, rows, is_causal);
            }
            fn dropout_mask(seed: u64, rate: f64, mask: &mut [Self]) {
                mask::Dropout { seed, rate, mask }.narrow();
            }
            fn upsample(input: &[Self], width: usize, factors: [usize; 2], output: &mut [Self]) {
                resize::upsample(input, width, factors, output);
            }
            fn upsample_gradient(d_output: &[Self], width: usize, factors: [usize; 2], d_input: &mut [Self]) {
                resize::upsample_gradient(d_output, width, factors, d_input);
            }
            fn broadcast(input: &[Self], sizes: [[usize; 3]; 2], output: &mut [Self]) {
                resize::Broadcast { input, sizes, output }.narrow();
            }
            fn broadcast_gradient(d_output: &[Self], sizes: [[usize; 3]; 2], d_input: &mut [Self]) {
                resize::BroadcastGradient { d_output, sizes, d_input }.narrow();
            }
            fn zero_pad(input: &[Self], image: [usize; 2], padding: [usize; 2], output: &mut [Self]) {
                resize::zero_pad(input, image, padding, output);
            }
            fn crop(padded: &[Self], image: [usize; 2], padding: [usize; 2], output: &mut [Self]) {
                resize::crop(padded, image, padding, output);
            }
            fn sgd(rule: sgd::Rule, gradient: &[Self], written: [&mut [Self]; 1]) {
                split::run(Map { formula: rule, read: [gradient], written });
            }
            fn momentum(rule: momentum::Rule, gradient: &[Self], written: [&mut [Self]; 2]) {
                split::run(Map { formula: rule, read: [gradient], written });
            }
            fn nesterov(rule: nesterov::Rule, gradient: &[Self], written: [&mut [Self]; 2]) {
                split::run(Map { formula: rule, read: [gradient], written });
            }
            fn adam(rule: adam::Rule, gradient: &[Self], written: [&mut [Self]; 3]) {
                split::run(Map { formula: rule, read: [gradient], written });
            }
            fn rms_prop(rule: rms_prop::Rule, gradient: &[Self], written: [&mut [Self]; 2]) {
                split::run(Map { formula: rule, read: [gradient], written });
            }
            fn ada_grad(rule: ada_grad::Rule, gradient: &[Self], written: [&mut [Self]; 2]) {
                split::run(Map { formula: rule, read: [gradient], written });
            }
            fn sum_of_negative(input: &[Self], d_output: &[Self]) -> Self {
                Self::from_f64(Total { term: NegativeProduct, read: [input, d_output] }.narrow())
            }
            fn from_bytes(bytes: &[u8], scalars: &mut [Self]) {
                bytes::Scale { bytes, scalars, high: 257.0 / 65536.0, low: 1.0 / 255.0 / 65536.0 }.narrow();
            }
        }
    )*};
}
kernel!(f32, f64);

/// The scalars of a matrix whose columns follow each other without gaps.
#[allow(unsafe_code)]
pub(crate) fn as_slice<T, R, C, S>(matrix: &Matrix<T, R, C, S>) -> Option<&[T]>
where
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    // SAFETY: `is_contiguous` is the condition that the method names.
    matrix.data.is_contiguous().then(|| unsafe { matrix.data.as_slice_unchecked() })
}
