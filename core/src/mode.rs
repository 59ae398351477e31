//! What a forward pass is for: prediction or training.

use rand::Rng;

/// What a forward pass is for.
#[derive(Clone, Copy, Debug)]
pub enum Mode {
    /// A prediction: nothing is random, and no sample changes the output of another.
    Inference,
    /// A training step: layers may draw random numbers, and look at the whole batch.
    Training(Seed),
}

impl Mode {
    /// That of the next layer, with random numbers of its own.
    pub(crate) fn next(&mut self) -> Self {
        match self {
            Self::Inference => Self::Inference,
            Self::Training(seed) => Self::Training(seed.split()),
        }
    }

    /// That of the samples from `first` on.
    pub(crate) fn starting_at(self, first: usize) -> Self {
        match self {
            Self::Inference => Self::Inference,
            Self::Training(seed) => Self::Training(seed.starting_at(first)),
        }
    }
}

/// What the random numbers of a training step follow from: equal seeds give equal numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(u64);

impl Seed {
    /// For a network in which nothing is random, or for numbers that are to be the same each time.
    pub const ZERO: Self = Self(0);

    /// A random seed.
    pub fn draw<R: Rng + ?Sized>(rng: &mut R) -> Self {
        Self(rng.next_u64())
    }

    /// A seed that differs from those before, for the next layer (`SplitMix64`: Steele, Lea and Flood 2014).
    #[must_use]
    pub fn split(&mut self) -> Self {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(mixed ^ (mixed >> 31))
    }

    /// A seed for the samples from `first` on, where another thread takes those before: no number follows from both.
    fn starting_at(self, first: usize) -> Self {
        if first == 0 { self } else { Self(!self.0 ^ first as u64).split() }
    }

    /// All bits are as likely to be set as not.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Seed;

    #[test]
    fn seeds_differ_but_for_equal_ones() {
        let (mut first, mut same) = (Seed::ZERO, Seed::ZERO);
        let seeds = [first.split(), first.split(), first];
        assert_eq!(seeds, [same.split(), same.split(), same]);
        assert!(seeds[0] != seeds[1] && seeds[1] != seeds[2]);
    }
}
