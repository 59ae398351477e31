use crate::{Batch, BatchMut, Scalar, Shape};

/// Concatenation along the first dimension: each output sample is the samples of the `parts`, one after the other.
///
/// # Shapes
/// - parts `[A, ..]`, `[B, ..]`, …, output `[A + B + …, ..]`
///
/// # Gradients
/// - of each part: the [`part`] of `d_output` that it became
///
/// # Panics
/// If the parts do not fill the output exactly.
pub(crate) fn concat<T: Scalar, O: Shape>(parts: &[&[T]], mut output: BatchMut<'_, T, O>) {
    let samples = output.samples();
    let scalars: usize = parts.iter().map(|part| part.len()).sum();
    assert!(scalars == O::LEN * samples, "parts of {scalars} scalars in all for an output of {}", O::LEN * samples);
    for (sample, mut rest) in output.iter_mut().enumerate() {
        for part in parts {
            let len = part.len() / samples;
            let (scalars, after) = rest.split_at_mut(len);
            scalars.copy_from_slice(&part[sample * len..][..len]);
            rest = after;
        }
    }
}

/// Copies one part out of concatenated samples, in which `before` scalars come before it.
pub(crate) fn part<T: Scalar, P: Shape, O: Shape>(
    concatenated: Batch<'_, T, O>,
    before: usize,
    mut part: BatchMut<'_, T, P>,
) {
    for (part, concatenated) in part.iter_mut().zip(concatenated.iter()) {
        part.copy_from_slice(&concatenated[before..][..P::LEN]);
    }
}

#[cfg(test)]
mod tests {
    use super::{concat, part};
    use crate::{Batch, BatchMut, Rank1, Rank2};

    #[test]
    fn samples_of_the_parts_follow_each_other() {
        let (a, b) = ([1.0, 2.0, 10.0, 20.0], [3.0, 4.0, 5.0, 6.0, 30.0, 40.0, 50.0, 60.0]);
        let mut output = [0.0; 12];
        concat(&[&a, &b], BatchMut::<_, Rank2<3, 2>>::new(&mut output, 2));
        assert_eq!(output, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);

        let (mut d_a, mut d_b) = ([0.0; 4], [0.0; 8]);
        let output = Batch::<_, Rank2<3, 2>>::new(&output, 2);
        part(output, 0, BatchMut::<_, Rank2<1, 2>>::new(&mut d_a, 2));
        part(output, 2, BatchMut::<_, Rank2<2, 2>>::new(&mut d_b, 2));
        assert_eq!((d_a, d_b), (a, b));
    }

    #[test]
    fn an_empty_batch_is_concatenated() {
        concat::<f32, _>(&[&[], &[]], BatchMut::<_, Rank1<5>>::new(&mut [], 0));
    }

    #[test]
    #[should_panic(expected = "parts of 3 scalars in all for an output of 4")]
    fn the_parts_fill_the_output() {
        concat(&[&[1.0], &[2.0, 3.0]], BatchMut::<_, Rank1<4>>::new(&mut [0.0; 4], 1));
    }
}
