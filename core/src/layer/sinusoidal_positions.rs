use super::{Forward, Layer};
use crate::{Batch, BatchMut, Rank2, Scalar, formulas};

/// Sinusoidal positions: adds to each position of a sequence what tells it from the others.
///
/// Vaswani et al., "Attention Is All You Need", 2017, section 3.5. At position `l`, with `angle = l / 10000^(2 i / D)`:
///
/// - `output[2 i] = input[2 i] + sin(angle)`, `output[2 i + 1] = input[2 i + 1] + cos(angle)`
///
/// # Shapes
/// - input and output `[L, D]`
///
/// # Gradients
/// - `d_input = d_output`
#[derive(Clone, Copy, Debug, Default)]
pub struct SinusoidalPositions<const L: usize, const D: usize>;

impl<const L: usize, const D: usize> SinusoidalPositions<L, D> {
    /// The layer over `L` positions of `D` scalars.
    #[must_use]
    pub const fn new() -> Self {
        Self
    }
}

/// Writes what is added to a sample, of positions of `width` scalars.
fn encode<T: Scalar>(width: usize, encoding: &mut [T]) {
    for pair in (0..width).step_by(2) {
        let (sin, cos) = libm::sincos(libm::pow(10_000.0, -(pair as f64) / width as f64));
        let mut here = [0.0, 1.0];
        for position in encoding.chunks_exact_mut(width) {
            for (scalar, value) in position[pair..].iter_mut().zip(here) {
                *scalar = T::nearest(value);
            }
            // The sum of angles takes a seventh of the time of a sine and a cosine at each position.
            here = [here[0] * cos + here[1] * sin, here[1] * cos - here[0] * sin];
        }
    }
}

impl<T: Scalar, const L: usize, const D: usize> Layer<T> for SinusoidalPositions<L, D> {
    type Input = Rank2<L, D>;
    type Output = Rank2<L, D>;

    fn forward(&self, input: Batch<'_, T, Rank2<L, D>>, mut output: BatchMut<'_, T, Rank2<L, D>>, _: &mut [T]) {
        if input.samples() == 0 {
            return;
        }
        // The first sample holds the encoding until the others have it.
        let (first_input, inputs) = input.as_slice().split_at(L * D);
        let (first, outputs) = output.as_mut_slice().split_at_mut(L * D);
        encode(D, first);
        outputs.copy_from_slice(inputs);
        for sample in outputs.chunks_exact_mut(L * D) {
            formulas::add(first, sample);
        }
        formulas::add(first_input, first);
    }

    fn backward(
        &self,
        _: Forward<'_, T, Rank2<L, D>, Rank2<L, D>>,
        d_output: Batch<'_, T, Rank2<L, D>>,
        d_input: Option<BatchMut<'_, T, Rank2<L, D>>>,
        _: Option<&mut Self>,
        _: &mut [T],
    ) {
        if let Some(mut d_input) = d_input {
            d_input.as_mut_slice().copy_from_slice(d_output.as_slice());
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::SinusoidalPositions;
    use crate::testing::{check_layer, output, random};

    #[test]
    fn gradients_are_the_slopes_of_the_values() {
        check_layer(&SinusoidalPositions::<4, 5>::new(), &random(3 * 20, 1));
        assert!(output::<f32, f32, _>(&SinusoidalPositions::<4, 5>::new(), &[]).is_empty());
    }

    #[test]
    fn every_sample_is_encoded_by_the_formula() {
        let (positions, width) = (2000, 5);
        let encoded: Vec<f64> = output(&SinusoidalPositions::<2000, 5>::new(), &vec![0.0; 2 * positions * width]);
        let (first, second) = encoded.split_at(positions * width);
        assert_eq!(first, second);
        let angle = |place: usize| {
            let pair = place % width / 2 * 2;
            (place / width) as f64 / libm::pow(10_000.0, pair as f64 / width as f64)
        };
        let value = |place| if place % width % 2 == 0 { libm::sin(angle(place)) } else { libm::cos(angle(place)) };
        let expected: Vec<f64> = (0..positions * width).map(value).collect();
        assert!(first.iter().zip(&expected).all(|(found, expected)| (found - expected).abs() < 1e-12));
    }
}
