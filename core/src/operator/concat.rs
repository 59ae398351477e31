use crate::{Batch, BatchMut, Scalar, Shape};

/// Concatenation along an axis: each output sample is made of pieces, and each piece of those of the `parts`, one after the
/// other. There are as many `pieces` a sample as the dimensions before the axis say: 1 for the first axis.
///
/// # Shapes
/// - parts `[.., A, ..]`, `[.., B, ..]`, …, output `[.., A + B + …, ..]`
///
/// # Gradients
/// - of each part: the [`part`] of `d_output` that it became
///
/// # Panics
/// If the parts do not fill the output exactly.
pub(crate) fn concat<T: Scalar, O: Shape>(parts: &[&[T]], pieces: usize, mut output: BatchMut<'_, T, O>) {
    let samples = output.samples();
    let scalars: usize = parts.iter().map(|part| part.len()).sum();
    assert!(scalars == O::LEN * samples, "parts of {scalars} scalars in all for an output of {}", O::LEN * samples);
    let pieces_of_output = output.as_mut_slice().chunks_exact_mut(O::LEN / pieces);
    for (piece, mut rest) in pieces_of_output.enumerate() {
        for part in parts {
            let len = part.len() / (samples * pieces);
            let (scalars, after) = rest.split_at_mut(len);
            scalars.copy_from_slice(&part[piece * len..][..len]);
            rest = after;
        }
    }
}

/// Copies one part out of concatenated samples, in whose pieces `before` scalars come before it.
pub(crate) fn part<T: Scalar, P: Shape, O: Shape>(
    concatenated: Batch<'_, T, O>,
    before: usize,
    pieces: usize,
    mut part: BatchMut<'_, T, P>,
) {
    let len = P::LEN / pieces;
    let concatenated = concatenated.as_slice().chunks_exact(O::LEN / pieces);
    for (part, concatenated) in part.as_mut_slice().chunks_exact_mut(len).zip(concatenated) {
        part.copy_from_slice(&concatenated[before..][..len]);
    }
}

/// Writes the gradient of a part where it lies in concatenated samples, and zeros everywhere else.
pub(crate) fn place<T: Scalar, P: Shape, O: Shape>(
    part: Batch<'_, T, P>,
    before: usize,
    pieces: usize,
    mut concatenated: BatchMut<'_, T, O>,
) {
    let len = P::LEN / pieces;
    concatenated.as_mut_slice().fill(T::ZERO);
    let concatenated = concatenated.as_mut_slice().chunks_exact_mut(O::LEN / pieces);
    for (part, concatenated) in part.as_slice().chunks_exact(len).zip(concatenated) {
        concatenated[before..][..len].copy_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use super::{concat, part, place};
    use crate::{Batch, BatchMut, Rank1, Rank2};

    #[test]
    fn samples_of_the_parts_follow_each_other() {
        let (a, b) = ([1.0, 2.0, 10.0, 20.0], [3.0, 4.0, 5.0, 6.0, 30.0, 40.0, 50.0, 60.0]);
        let mut output = [0.0; 12];
        concat(&[&a, &b], 1, BatchMut::<_, Rank2<3, 2>>::new(&mut output, 2));
        assert_eq!(output, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0]);

        let (mut d_a, mut d_b) = ([0.0; 4], [0.0; 8]);
        let output = Batch::<_, Rank2<3, 2>>::new(&output, 2);
        part(output, 0, 1, BatchMut::<_, Rank2<1, 2>>::new(&mut d_a, 2));
        part(output, 2, 1, BatchMut::<_, Rank2<2, 2>>::new(&mut d_b, 2));
        assert_eq!((d_a, d_b), (a, b));
    }

    #[test]
    fn rows_are_made_longer() {
        let (a, b) = ([1.0, 2.0], [3.0, 4.0, 5.0, 6.0]);
        let mut output = [0.0; 6];
        concat(&[&a, &b], 2, BatchMut::<_, Rank2<2, 3>>::new(&mut output, 1));
        assert_eq!(output, [1.0, 3.0, 4.0, 2.0, 5.0, 6.0]);

        let (mut d_b, mut placed) = ([0.0; 4], [f64::NAN; 6]);
        part(Batch::<_, Rank2<2, 3>>::new(&output, 1), 1, 2, BatchMut::<_, Rank2<2, 2>>::new(&mut d_b, 1));
        assert_eq!(d_b, b);
        place(Batch::<_, Rank2<2, 2>>::new(&b, 1), 1, 2, BatchMut::<_, Rank2<2, 3>>::new(&mut placed, 1));
        assert_eq!(placed, [0.0, 3.0, 4.0, 0.0, 5.0, 6.0]);
    }

    #[test]
    fn an_empty_batch_is_concatenated() {
        concat::<f32, _>(&[&[], &[]], 1, BatchMut::<_, Rank1<5>>::new(&mut [], 0));
    }

    #[test]
    #[should_panic(expected = "parts of 3 scalars in all for an output of 4")]
    fn the_parts_fill_the_output() {
        concat(&[&[1.0], &[2.0, 3.0]], 1, BatchMut::<_, Rank1<4>>::new(&mut [0.0; 4], 1));
    }
}
