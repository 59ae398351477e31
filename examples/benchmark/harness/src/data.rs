/// So many batches are trained on in rotation.
const BATCHES: usize = 16;

/// The batches of a training: `samples * inputs` numbers, and a class out of 10 for each sample.
#[must_use]
pub fn batches(samples: usize, inputs: usize) -> Vec<(Vec<f32>, Vec<u8>)> {
    let numbers = numbers(BATCHES * samples * inputs);
    let classes: Vec<_> = draws().take(BATCHES * samples).map(|draw| (draw % 10) as u8).collect();
    let batches = numbers.chunks_exact(samples * inputs).zip(classes.chunks_exact(samples));
    batches.map(|(numbers, classes)| (numbers.to_vec(), classes.to_vec())).collect()
}

/// The same `len` numbers between 0 and 1 at every call, like pixels.
#[must_use]
pub fn numbers(len: usize) -> Vec<f32> {
    draws().take(len).map(|draw| f32::from(draw) / f32::from(u16::MAX)).collect()
}

/// A linear congruential generator with the constants of Knuth's MMIX.
fn draws() -> impl Iterator<Item = u16> {
    let next =
        |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(1), next).map(|state| (state >> 48) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_differ_and_fill_their_ranges() {
        let batches = batches(20, 30);
        assert_eq!(batches.len(), BATCHES);
        assert_ne!(batches[0], batches[1]);
        let classes: Vec<_> = batches.iter().flat_map(|batch| &batch.1).collect();
        assert!((0..10).all(|class| classes.contains(&&class)) && classes.iter().all(|&&class| class < 10));
        let numbers: Vec<_> = batches.iter().flat_map(|batch| &batch.0).collect();
        assert!(numbers.iter().all(|number| (0.0..=1.0).contains(*number)));
        let mean = numbers.iter().copied().sum::<f32>() / numbers.len() as f32;
        assert!((mean - 0.5).abs() < 0.02);
    }
}
