//! Pools: what is made of each window of each channel.
//!
//! A window moves over a row of outputs scalar by scalar: for one row and column of it, the inner loop runs along the row.

use core::ops::Range;

use crate::simd::Real;
use crate::window::{Pool, Window};

plain! {
    /// The greatest scalar of each window; NaN where there is one.
    pub struct WindowMax = max {
        /// Images.
        pub input: &'a [T],
        /// Sizes and window.
        pub pool: Pool,
        /// One scalar a window.
        pub output: &'a mut [T],
    }
}
plain! {
    /// The gradient of [`WindowMax`]: that of each output to the first scalar of its window that is as great.
    pub struct WindowMaxGradient = max_gradient {
        /// Images, and their output.
        pub forward: [&'a [T]; 2],
        /// Sizes and window.
        pub pool: Pool,
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// As long as the images.
        pub d_input: &'a mut [T],
        /// Room to work in, as long as the output.
        pub scratch: &'a mut [T],
    }
}
plain! {
    /// The mean of each window; padding counts as zeros.
    pub struct WindowMean = avg {
        /// Images.
        pub input: &'a [T],
        /// Sizes and window.
        pub pool: Pool,
        /// One scalar a window.
        pub output: &'a mut [T],
    }
}
plain! {
    /// The gradient of [`WindowMean`]: that of each output in equal shares to its window.
    pub struct WindowMeanGradient = avg_gradient {
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// Sizes and window.
        pub pool: Pool,
        /// As long as the images.
        pub d_input: &'a mut [T],
    }
}

/// What one row and column of the window sees while it moves along one row of outputs.
struct Run {
    outputs: Range<usize>,
    inputs: Range<usize>,
    stride: usize,
}

/// The run of scalar `[row, column]` of the window along output row `output`; nothing where it sees only padding.
#[inline(always)]
fn run(pool: Pool, output: usize, [row, column]: [usize; 2]) -> Option<Run> {
    let Pool { image: [_, height, width], output: [_, _, columns], window } = pool;
    let Window { stride, padding, dilation, .. } = window;
    let input_row = (output * stride[0] + row * dilation[0]).checked_sub(padding[0]).filter(|&row| row < height)?;
    // Output `o` sees column `o · stride + offset - padding`.
    let offset = column * dilation[1];
    let first = padding[1].saturating_sub(offset).div_ceil(stride[1]);
    let end = (width + padding[1]).saturating_sub(offset).div_ceil(stride[1]).min(columns);
    if first >= end {
        return None;
    }
    let start = input_row * width + first * stride[1] + offset - padding[1];
    let inputs = start..start + (end - first - 1) * stride[1] + 1;
    Some(Run { outputs: output * columns + first..output * columns + end, inputs, stride: stride[1] })
}

/// Each output the greatest scalar of its window; NaN where there is one.
#[inline(always)]
fn max<T: Real>(input: &[T], pool: Pool, output: &mut [T]) {
    if is_of_squares(pool) {
        return max_of_squares(input, pool, output);
    }
    output.fill(T::NEG_INFINITY);
    let [rows, columns] = pool.window.kernel;
    for (input, output) in pool.planes(input).zip(pool.output_planes_mut(output)) {
        for output_row in 0..pool.output[1] {
            for row in 0..rows {
                for column in 0..columns {
                    let Some(Run { outputs, inputs, stride }) = run(pool, output_row, [row, column]) else { continue };
                    for (greatest, &x) in output[outputs].iter_mut().zip(input[inputs].iter().step_by(stride)) {
                        *greatest = greater(*greatest, x);
                    }
                }
            }
        }
    }
}

/// The gradient of each output to the first of its window that is as great.
///
/// `left` is as long as `d_output`.
#[inline(always)]
fn max_gradient<T: Real>([input, output]: [&[T]; 2], pool: Pool, d_output: &[T], d_input: &mut [T], left: &mut [T]) {
    if is_of_squares(pool) {
        return max_gradient_of_squares([input, output], pool, d_output, d_input);
    }
    d_input.fill(T::ZERO);
    left.copy_from_slice(d_output);
    let [rows, columns] = pool.window.kernel;
    let values = pool.planes(input).zip(pool.output_planes(output));
    let gradients = pool.planes_mut(d_input).zip(pool.output_planes_mut(left));
    for ((input, output), (d_input, left)) in values.zip(gradients) {
        for output_row in 0..pool.output[1] {
            for row in 0..rows {
                for column in 0..columns {
                    let Some(Run { outputs, inputs, stride }) = run(pool, output_row, [row, column]) else { continue };
                    let of_inputs = d_input[inputs.clone()].iter_mut().zip(&input[inputs]).step_by(stride);
                    let of_outputs = left[outputs.clone()].iter_mut().zip(&output[outputs]);
                    for ((d_x, &x), (left, &greatest)) in of_inputs.zip(of_outputs) {
                        let is_greatest = x == greatest || is_nan(x);
                        *d_x += if is_greatest { *left } else { T::ZERO };
                        *left = if is_greatest { T::ZERO } else { *left };
                    }
                }
            }
        }
    }
}

/// Whether windows are two by two, side by side: what most pools are (6 x 24 x 24, forward and backward: 3 times as fast).
fn is_of_squares(pool: Pool) -> bool {
    pool.window == Window { kernel: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] }
}

/// [`max`] of squares.
#[inline(always)]
fn max_of_squares<T: Real>(input: &[T], pool: Pool, output: &mut [T]) {
    let (width, columns) = (pool.image[2], pool.output[2]);
    for (input, output) in pool.planes(input).zip(pool.output_planes_mut(output)) {
        for (rows, output) in input.chunks_exact(2 * width).zip(output.chunks_exact_mut(columns)) {
            let (above, below) = rows.split_at(width);
            let squares = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
            for (output, (above, below)) in output.iter_mut().zip(squares) {
                *output = greater(greater(above[0], above[1]), greater(below[0], below[1]));
            }
        }
    }
}

/// [`max_gradient`] of squares.
#[inline(always)]
fn max_gradient_of_squares<T: Real>([input, output]: [&[T]; 2], pool: Pool, d_output: &[T], d_input: &mut [T]) {
    let [_, height, width] = pool.image;
    let columns = pool.output[2];
    if height % 2 + width % 2 > 0 {
        d_input.fill(T::ZERO);
    }
    let values = pool.planes(input).zip(pool.output_planes(output));
    let gradients = pool.planes_mut(d_input).zip(pool.output_planes(d_output));
    for ((input, output), (d_input, d_output)) in values.zip(gradients) {
        let values = input.chunks_exact(2 * width).zip(output.chunks_exact(columns));
        let gradients = d_input.chunks_exact_mut(2 * width).zip(d_output.chunks_exact(columns));
        for ((rows, output), (d_rows, d_output)) in values.zip(gradients) {
            let (above, below) = rows.split_at(width);
            let (d_above, d_below) = d_rows.split_at_mut(width);
            let squares = above.as_chunks::<2>().0.iter().zip(below.as_chunks::<2>().0);
            let d_squares = d_above.as_chunks_mut::<2>().0.iter_mut().zip(d_below.as_chunks_mut::<2>().0);
            let outputs = output.iter().zip(d_output);
            for (((above, below), (d_above, d_below)), (&greatest, &d)) in squares.zip(d_squares).zip(outputs) {
                let is_first = |x: T| x == greatest || is_nan(x);
                let take = |x: T, left: T| if is_first(x) { (left, T::ZERO) } else { (T::ZERO, left) };
                let (first, left) = take(above[0], d);
                let (second, left) = take(above[1], left);
                let (third, left) = take(below[0], left);
                let (fourth, _) = take(below[1], left);
                (*d_above, *d_below) = ([first, second], [third, fourth]);
            }
        }
    }
}

/// The greater of two scalars, the first of equals; NaN where one is.
#[inline(always)]
fn greater<T: PartialOrd + Copy>(first: T, second: T) -> T {
    if second > first || is_nan(second) { second } else { first }
}

/// Each output the mean of its window; padding counts as zeros.
#[inline(always)]
fn avg<T: Real>(input: &[T], pool: Pool, output: &mut [T]) {
    output.fill(T::ZERO);
    let [rows, columns] = pool.window.kernel;
    for (input, output) in pool.planes(input).zip(pool.output_planes_mut(output)) {
        for output_row in 0..pool.output[1] {
            for row in 0..rows {
                for column in 0..columns {
                    let Some(Run { outputs, inputs, stride }) = run(pool, output_row, [row, column]) else { continue };
                    for (sum, &x) in output[outputs].iter_mut().zip(input[inputs].iter().step_by(stride)) {
                        *sum += x;
                    }
                }
            }
        }
    }
    scale(output, rows * columns);
}

/// The gradient of each output in equal shares to its window.
#[inline(always)]
fn avg_gradient<T: Real>(d_output: &[T], pool: Pool, d_input: &mut [T]) {
    d_input.fill(T::ZERO);
    let [rows, columns] = pool.window.kernel;
    for (d_output, d_input) in pool.output_planes(d_output).zip(pool.planes_mut(d_input)) {
        for output_row in 0..pool.output[1] {
            for row in 0..rows {
                for column in 0..columns {
                    let Some(Run { outputs, inputs, stride }) = run(pool, output_row, [row, column]) else { continue };
                    for (d_x, &d_output) in d_input[inputs].iter_mut().step_by(stride).zip(&d_output[outputs]) {
                        *d_x += d_output;
                    }
                }
            }
        }
    }
    scale(d_input, rows * columns);
}

/// Divides sums of so many scalars by their number.
#[inline(always)]
fn scale<T: Real>(sums: &mut [T], count: usize) {
    let share = T::from_f64(1.0 / count as f64);
    for sum in sums {
        *sum = *sum * share;
    }
}

#[expect(clippy::eq_op, reason = "only NaN is not equal to itself")]
#[inline(always)]
fn is_nan<T: PartialOrd + Copy>(x: T) -> bool {
    x != x
}
