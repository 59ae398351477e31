//! Rows of scalars, each normalised by itself.

use super::channels::sum_of_pairs as sum;
use crate::Scalar;

plain!(Normalise<T: Scalar> = normalise(
    input: &'a [T],
    len: usize,
    is_centred: bool,
    weight: &'a [T],
    statistics: [&'a mut [T]; 2],
    output: &'a mut [T]
));
plain!(NormaliseGradient<T: Scalar> = gradient(
    input: &'a [T],
    weight: &'a [T],
    statistics: [&'a [T]; 2],
    is_centred: bool,
    d_output: &'a [T],
    d_weight: &'a mut [T],
    d_input: Option<&'a mut [T]>
));

/// Added to a variance or mean square, so that nothing is divided by 0.
const EPSILON: f64 = 1e-5;

/// `output = (input - mean) · inverse · weight`, where `inverse` is one by the root of the mean square of what is left of the
/// row, and `mean` 0 where it is not centred.
#[inline(always)]
fn normalise<T: Scalar>(
    input: &[T],
    len: usize,
    is_centred: bool,
    weight: &[T],
    [means, inverses]: [&mut [T]; 2],
    output: &mut [T],
) {
    let count = T::nearest(len as f64);
    let rows = input.chunks_exact(len).zip(output.chunks_exact_mut(len));
    for ((input, output), (mean, inverse)) in rows.zip(means.iter_mut().zip(inverses)) {
        *mean = if is_centred { sum(input, input, |x, _| x) / count } else { T::ZERO };
        let centre = *mean;
        let square = sum(input, input, |x, _| (x - centre) * (x - centre)) / count;
        *inverse = T::ONE / (square + T::nearest(EPSILON)).sqrt();
        for ((output, &x), &weight) in output.iter_mut().zip(input).zip(weight) {
            *output = (x - *mean) * *inverse * weight;
        }
    }
}

/// With `normal = (input - mean) · inverse`: `d_weight = Σ d_output · normal`, and
/// `d_input = inverse · (g - mean of g - normal · mean of g · normal)` for `g = weight · d_output`, without the mean of `g` where
/// rows are not centred.
#[inline(always)]
fn gradient<T: Scalar>(
    input: &[T],
    weight: &[T],
    [means, inverses]: [&[T]; 2],
    is_centred: bool,
    d_output: &[T],
    d_weight: &mut [T],
    mut d_input: Option<&mut [T]>,
) {
    let len = weight.len();
    let count = T::nearest(len as f64);
    d_weight.fill(T::ZERO);
    let rows = input.chunks_exact(len).zip(d_output.chunks_exact(len));
    for (index, ((input, d_output), (&mean, &inverse))) in rows.zip(means.iter().zip(inverses)).enumerate() {
        for ((d_weight, &x), &d) in d_weight.iter_mut().zip(input).zip(d_output) {
            *d_weight += d * ((x - mean) * inverse);
        }
        let Some(d_input) = &mut d_input else { continue };
        let d_input = &mut d_input[index * len..][..len];
        for ((g, &weight), &d) in d_input.iter_mut().zip(weight).zip(d_output) {
            *g = weight * d;
        }
        let of_all = if is_centred { sum(d_input, d_input, |g, _| g) / count } else { T::ZERO };
        let of_normal = sum(d_input, input, |g, x| g * (x - mean)) * inverse / count;
        for (g, &x) in d_input.iter_mut().zip(input) {
            *g = inverse * (*g - of_all - (x - mean) * inverse * of_normal);
        }
    }
}
