//! Rows of scalars, each by itself.

use crate::simd::Real;
use crate::total::{BLOCK, PlaceTotals, total, total_of_pairs};

plain! {
    /// `output = (input - mean) · inverse · weight`, each row by itself, with its own mean and deviation.
    pub struct NormaliseRows = normalise {
        /// Rows of `len` scalars.
        pub input: &'a [T],
        /// The scalars of a row.
        pub len: usize,
        /// Whether the mean is subtracted; otherwise it is 0, and `inverse` 1 / the root of the mean square.
        pub is_centred: bool,
        /// Added to the mean square, so that nothing is divided by 0.
        pub epsilon: f64,
        /// One a scalar of a row.
        pub weight: &'a [T],
        /// Of each row the mean, what rounding leaves out of it, and 1 / the standard deviation.
        pub statistics: [&'a mut [T]; 3],
        /// As long as the input.
        pub output: &'a mut [T],
    }
}
plain! {
    /// The gradient of the weight of [`NormaliseRows`]: `Σ d_output · (input - mean) · inverse`, over the rows.
    pub struct RowWeightGradient = weight_gradient {
        /// Rows as long as `d_weight`.
        pub input: &'a [T],
        /// Of each row, as they were kept.
        pub statistics: [&'a [T]; 3],
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// One a scalar of a row.
        pub d_weight: &'a mut [T],
        /// Room to work in, twice as long as a row.
        pub room: &'a mut [T],
    }
}
plain! {
    /// The gradient of the input of [`NormaliseRows`].
    pub struct RowInputGradient = input_gradient {
        /// Rows as long as `weight`.
        pub input: &'a [T],
        /// One a scalar of a row.
        pub weight: &'a [T],
        /// Of each row, as they were kept.
        pub statistics: [&'a [T]; 3],
        /// Whether the mean was subtracted.
        pub is_centred: bool,
        /// The gradient of the output.
        pub d_output: &'a [T],
        /// As long as the input.
        pub d_input: &'a mut [T],
    }
}
plain! {
    /// The mean of each row.
    pub struct RowMeans = row_means {
        /// Rows of `len` scalars.
        pub scalars: &'a [T],
        /// The scalars of a row.
        pub len: usize,
        /// One a row.
        pub means: &'a mut [T],
    }
}
plain! {
    /// The gradient of [`RowMeans`]: that of each mean in equal shares to its row.
    pub struct RowMeansGradient = row_means_gradient {
        /// One a row.
        pub d_means: &'a [T],
        /// The scalars of a row.
        pub len: usize,
        /// Rows of `len` scalars.
        pub d_scalars: &'a mut [T],
    }
}

/// `output = (input - mean) · inverse · weight`, where `inverse` is one by the root of the mean square of what is left of the
/// row, and `mean` 0 where it is not centred. What rounding leaves out of the mean is subtracted by itself: where scalars lie
/// far from 0 beside their deviation, it is no less than the rounding errors of all the rest.
#[inline(always)]
fn normalise<T: Real>(
    input: &[T],
    len: usize,
    is_centred: bool,
    epsilon: f64,
    weight: &[T],
    [means, rests, inverses]: [&mut [T]; 3],
    output: &mut [T],
) {
    let count = len as f64;
    let rows = input.chunks_exact(len).zip(output.chunks_exact_mut(len));
    for ((input, output), ((mean, rest), inverse)) in rows.zip(means.iter_mut().zip(rests).zip(inverses)) {
        (*mean, *rest) = (T::ZERO, T::ZERO);
        if is_centred {
            *mean = T::from_f64(total(input, |x| x) / count);
            *rest = T::from_f64(total(input, |x| x - *mean) / count);
        }
        *inverse = T::from_f64(1.0 / libm::sqrt(mean_square(input, *mean, *rest) + epsilon));
        for ((output, &x), &weight) in output.iter_mut().zip(input).zip(weight) {
            *output = (x - *mean - *rest) * *inverse * weight;
        }
    }
}

/// The mean of `(input - mean - rest)²`; NaN where it is greater than any number, lest all were taken for 0 beside it.
#[inline(always)]
fn mean_square<T: Real>(input: &[T], mean: T, rest: T) -> f64 {
    let count = input.len() as f64;
    let square = total(input, |x| (x - mean) * (x - mean)) / count - rest.to_f64() * rest.to_f64();
    if square.is_finite() {
        return square;
    }
    let centre = mean.to_f64() + rest.to_f64();
    let square = input.iter().map(|x| (x.to_f64() - centre) * (x.to_f64() - centre)).sum::<f64>() / count;
    if square.is_finite() { square } else { f64::NAN }
}

/// With `normal = (input - mean) · inverse`: `d_weight = Σ d_output · normal`.
#[inline(always)]
fn weight_gradient<T: Real>(
    input: &[T],
    [means, rests, inverses]: [&[T]; 3],
    d_output: &[T],
    d_weight: &mut [T],
    room: &mut [T],
) {
    let len = d_weight.len();
    d_weight.fill(T::ZERO);
    let mut totals = PlaceTotals::new(&mut room[..2 * len]);
    let rows = input.chunks_exact(len).zip(d_output.chunks_exact(len));
    for (index, ((input, d_output), ((&mean, &rest), &inverse))) in
        rows.zip(means.iter().zip(rests).zip(inverses)).enumerate()
    {
        for ((d_weight, &x), &d) in d_weight.iter_mut().zip(input).zip(d_output) {
            *d_weight += d * ((x - mean - rest) * inverse);
        }
        if index % BLOCK == BLOCK - 1 {
            totals.take(d_weight);
        }
    }
    totals.take(d_weight);
    totals.write(d_weight);
}

/// With `normal = (input - mean) · inverse`: `d_input = inverse · (g - mean of g - normal · mean of g · normal)` for
/// `g = weight · d_output`, without the mean of `g` where rows are not centred.
#[inline(always)]
fn input_gradient<T: Real>(
    input: &[T],
    weight: &[T],
    [means, rests, inverses]: [&[T]; 3],
    is_centred: bool,
    d_output: &[T],
    d_input: &mut [T],
) {
    let len = weight.len();
    let count = len as f64;
    let rows = input.chunks_exact(len).zip(d_output.chunks_exact(len)).zip(d_input.chunks_exact_mut(len));
    for (((input, d_output), d_input), ((&mean, &rest), &inverse)) in rows.zip(means.iter().zip(rests).zip(inverses)) {
        for ((g, &weight), &d) in d_input.iter_mut().zip(weight).zip(d_output) {
            *g = weight * d;
        }
        let of_all = if is_centred { T::from_f64(total(d_input, |g| g) / count) } else { T::ZERO };
        let of_normal = T::from_f64(total_of_pairs(d_input, input, |g, x| g * (x - mean - rest)) / count) * inverse;
        for (g, &x) in d_input.iter_mut().zip(input) {
            *g = inverse * (*g - of_all - (x - mean - rest) * inverse * of_normal);
        }
    }
}

/// The mean of each `len` scalars.
#[inline(always)]
fn row_means<T: Real>(scalars: &[T], len: usize, means: &mut [T]) {
    for (mean, scalars) in means.iter_mut().zip(scalars.chunks_exact(len)) {
        *mean = T::from_f64(total(scalars, |x| x) / len as f64);
    }
}

/// The gradient of each mean in equal shares to its `len` scalars.
#[inline(always)]
fn row_means_gradient<T: Real>(d_means: &[T], len: usize, d_scalars: &mut [T]) {
    for (d_scalars, &d_mean) in d_scalars.chunks_exact_mut(len).zip(d_means) {
        d_scalars.fill(d_mean * T::from_f64(1.0 / len as f64));
    }
}
