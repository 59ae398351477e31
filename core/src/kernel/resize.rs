//! Rows and columns repeated, and zeros around them.

use super::lanes::Lanes;
use super::total::total;
use crate::Scalar;

plain!(Broadcast<T: Lanes> = broadcast(input: &'a [T], sizes: [[usize; 3]; 2], output: &'a mut [T]));
plain!(BroadcastGradient<T: Scalar> = broadcast_gradient(
    d_output: &'a [T],
    sizes: [[usize; 3]; 2],
    d_input: &'a mut [T]
));

/// Each scalar of each channel `[height, width]` as many times as `factors` say.
pub(super) fn upsample<T: Lanes>(input: &[T], width: usize, [rows, columns]: [usize; 2], output: &mut [T]) {
    let wide = width * columns;
    for (input, output) in input.chunks_exact(width).zip(output.chunks_exact_mut(rows * wide)) {
        let (first, others) = output.split_at_mut(wide);
        for (output, &x) in first.chunks_exact_mut(columns).zip(input) {
            output.fill(x);
        }
        for other in others.chunks_exact_mut(wide) {
            other.copy_from_slice(first);
        }
    }
}

/// The sum of the gradients of all that a scalar became.
pub(super) fn upsample_gradient<T: Lanes>(
    d_output: &[T],
    width: usize,
    [rows, columns]: [usize; 2],
    d_input: &mut [T],
) {
    d_input.fill(T::ZERO);
    let wide = width * columns;
    for (d_input, d_output) in d_input.chunks_exact_mut(width).zip(d_output.chunks_exact(rows * wide)) {
        for d_output in d_output.chunks_exact(wide) {
            for (d_x, d_output) in d_input.iter_mut().zip(d_output.chunks_exact(columns)) {
                *d_x = d_output.iter().fold(*d_x, |sum, &d| sum + d);
            }
        }
    }
}

/// Each sample from sizes `from` to sizes `to`, repeated where it is 1.
#[inline(always)]
fn broadcast<T: Lanes>(input: &[T], [from, to]: [[usize; 3]; 2], output: &mut [T]) {
    let samples = input.chunks_exact(from.iter().product()).zip(output.chunks_exact_mut(to.iter().product()));
    for (input, output) in samples {
        for (row, output) in output.chunks_exact_mut(to[2]).enumerate() {
            let input = &input[repeated(row, from, to) * from[2]..][..from[2]];
            if from[2] == to[2] {
                output.copy_from_slice(input);
            } else {
                output.fill(input[0]);
            }
        }
    }
}

/// The sum of the gradients of all that a scalar became.
#[inline(always)]
fn broadcast_gradient<T: Scalar>(d_output: &[T], [from, to]: [[usize; 3]; 2], d_input: &mut [T]) {
    d_input.fill(T::ZERO);
    let samples = d_input.chunks_exact_mut(from.iter().product()).zip(d_output.chunks_exact(to.iter().product()));
    for (d_input, d_output) in samples {
        for (row, d_output) in d_output.chunks_exact(to[2]).enumerate() {
            let d_input = &mut d_input[repeated(row, from, to) * from[2]..][..from[2]];
            if from[2] == to[2] {
                for (d_x, &d) in d_input.iter_mut().zip(d_output) {
                    *d_x += d;
                }
            } else {
                d_input[0] += T::nearest(total(d_output, |d| d));
            }
        }
    }
}

/// The row of sizes `from` that became this one of sizes `to`.
#[inline(always)]
fn repeated(row: usize, from: [usize; 3], to: [usize; 3]) -> usize {
    row / to[1] % from[0] * from[1] + row % to[1] % from[1]
}

/// Each channel of `image` rows and columns with `padding` zeros before and after them.
pub(super) fn zero_pad<T: Lanes>(input: &[T], image: [usize; 2], padding: [usize; 2], output: &mut [T]) {
    output.fill(T::ZERO);
    let [height, width] = image;
    let wide = width + 2 * padding[1];
    let planes = output.chunks_exact_mut((height + 2 * padding[0]) * wide);
    for (input, output) in input.chunks_exact(height * width).zip(planes) {
        for (input, output) in input.chunks_exact(width).zip(output[padding[0] * wide..].chunks_exact_mut(wide)) {
            output[padding[1]..][..width].copy_from_slice(input);
        }
    }
}

/// What [`zero_pad`] is given, out of what it makes.
pub(super) fn crop<T: Lanes>(padded: &[T], image: [usize; 2], padding: [usize; 2], output: &mut [T]) {
    let [height, width] = image;
    let wide = width + 2 * padding[1];
    let planes = padded.chunks_exact((height + 2 * padding[0]) * wide);
    for (padded, output) in planes.zip(output.chunks_exact_mut(height * width)) {
        for (padded, output) in padded[padding[0] * wide..].chunks_exact(wide).zip(output.chunks_exact_mut(width)) {
            output.copy_from_slice(&padded[padding[1]..][..width]);
        }
    }
}
