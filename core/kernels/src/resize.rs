//! Rows and columns repeated, and zeros around them.

use crate::simd::Real;
use crate::total::total;

plain! {
    /// Each scalar repeated, along rows and columns.
    pub struct Enlarge = enlarge {
        /// Images with rows of `width` scalars.
        pub input: &'a [T],
        /// The scalars of a row.
        pub width: usize,
        /// How often: as rows, and in a row.
        pub factors: [usize; 2],
        /// The greater images.
        pub output: &'a mut [T],
    }
}
plain! {
    /// The gradient of [`Enlarge`]: the sum of those of all that a scalar became.
    pub struct EnlargeGradient = enlarge_gradient {
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// The scalars of a row of the input.
        pub width: usize,
        /// How often: as rows, and in a row.
        pub factors: [usize; 2],
        /// The gradient of the images.
        pub d_input: &'a mut [T],
    }
}
plain! {
    /// Each sample from the first of two sizes to the second, repeated where the first is 1.
    pub struct Repeat = repeat {
        /// Samples of the first sizes.
        pub input: &'a [T],
        /// From which sizes to which.
        pub sizes: [[usize; 3]; 2],
        /// Samples of the second sizes.
        pub output: &'a mut [T],
    }
}
plain! {
    /// The gradient of [`Repeat`]: the sum of those of all that a scalar became.
    pub struct RepeatGradient = repeat_gradient {
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// From which sizes to which.
        pub sizes: [[usize; 3]; 2],
        /// The gradient of the input.
        pub d_input: &'a mut [T],
    }
}
plain! {
    /// Each image with zeros around it.
    pub struct Pad = pad {
        /// Images of the sizes `image`.
        pub input: &'a [T],
        /// Rows and columns.
        pub image: [usize; 2],
        /// Zeros before and after them.
        pub padding: [usize; 2],
        /// The greater images.
        pub output: &'a mut [T],
    }
}
plain! {
    /// What [`Pad`] is given, out of what it makes.
    pub struct Crop = crop {
        /// Images with zeros, or their gradient, around them.
        pub padded: &'a [T],
        /// Rows and columns without them.
        pub image: [usize; 2],
        /// What is cut off before and after them.
        pub padding: [usize; 2],
        /// Images of the sizes `image`.
        pub output: &'a mut [T],
    }
}

/// Each scalar of each channel `[height, width]` as many times as `factors` say.
#[inline(always)]
fn enlarge<T: Real>(input: &[T], width: usize, [rows, columns]: [usize; 2], output: &mut [T]) {
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
#[inline(always)]
fn enlarge_gradient<T: Real>(d_output: &[T], width: usize, [rows, columns]: [usize; 2], d_input: &mut [T]) {
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
fn repeat<T: Real>(input: &[T], [from, to]: [[usize; 3]; 2], output: &mut [T]) {
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
fn repeat_gradient<T: Real>(d_output: &[T], [from, to]: [[usize; 3]; 2], d_input: &mut [T]) {
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
                d_input[0] += T::from_f64(total(d_output, |d| d));
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
#[inline(always)]
fn pad<T: Real>(input: &[T], image: [usize; 2], padding: [usize; 2], output: &mut [T]) {
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

/// What [`Pad`] is given, out of what it makes.
#[inline(always)]
fn crop<T: Real>(padded: &[T], image: [usize; 2], padding: [usize; 2], output: &mut [T]) {
    let [height, width] = image;
    let wide = width + 2 * padding[1];
    let planes = padded.chunks_exact((height + 2 * padding[0]) * wide);
    for (padded, output) in planes.zip(output.chunks_exact_mut(height * width)) {
        for (padded, output) in padded[padding[0] * wide..].chunks_exact(wide).zip(output.chunks_exact_mut(width)) {
            output.copy_from_slice(&padded[padding[1]..][..width]);
        }
    }
}
