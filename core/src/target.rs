//! Targets: what a loss compares scores with.

use alloc::format;
use alloc::string::String;

use crate::Scalar;
use crate::samples::Samples;

/// The target of a batch: dense values or class indices, and perhaps a weight for each sample.
#[derive(Clone, Debug)]
pub struct Target<'a, T: Scalar> {
    values: Values<'a, T>,
    /// One a sample; nothing where all are 1.
    weights: &'a [T],
}

#[derive(Clone, Debug)]
enum Values<'a, T: Scalar> {
    /// As many scalars as scores: one-hot columns, or values to reach.
    Dense(Samples<'a, T>),
    /// One class a sample, or a position.
    Classes(Classes<'a>),
}

/// Class indices, one a sample.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Classes<'a> {
    /// As machine-sized integers.
    Usize(&'a [usize]),
    /// As bytes.
    U8(&'a [u8]),
}

impl Classes<'_> {
    /// The number of indices.
    #[must_use]
    pub fn len(self) -> usize {
        match self {
            Self::Usize(classes) => classes.len(),
            Self::U8(classes) => classes.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Looks at whether there is a class, below `scores`, for each of `positions` positions of each sample.
    ///
    /// # Panics
    /// If not.
    #[track_caller]
    pub(crate) fn check(self, samples: usize, positions: usize, scores: usize) {
        let (classes, each) = (samples * positions, if positions == 1 { "" } else { ", one a position" });
        assert!(
            self.len() == classes,
            "a batch of {samples} samples takes {classes} classes{each}, not {}",
            self.len()
        );
        let wrong = match self {
            Self::Usize(classes) => classes.iter().position(|&class| class >= scores),
            Self::U8(classes) => classes.iter().position(|&class| usize::from(class) >= scores),
        };
        if let Some(index) = wrong {
            let (class, sample, position) = (self.get(index), index / positions, index % positions);
            let place = if positions == 1 { String::new() } else { format!(" at position {position}") };
            panic!("sample {sample} has class {class}{place}, but {scores} scores: classes are below {scores}");
        }
    }

    /// The class of sample `sample`.
    ///
    /// # Panics
    /// If there is no such sample.
    #[must_use]
    #[track_caller]
    pub fn get(self, sample: usize) -> usize {
        match self {
            Self::Usize(classes) => classes[sample],
            Self::U8(classes) => classes[sample].into(),
        }
    }
}

impl<'a, T: Scalar> Target<'a, T> {
    /// Dense values.
    pub(crate) const fn from_samples(samples: Samples<'a, T>) -> Self {
        Self { values: Values::Dense(samples), weights: &[] }
    }

    /// Dense values: for each of `samples` samples as many as scores.
    ///
    /// # Panics
    /// If they are no multiple of the samples.
    #[must_use]
    #[track_caller]
    pub fn from_values(values: &'a [T], samples: usize) -> Self {
        Self::from_samples(Samples::of(values, samples))
    }

    /// Class indices, one a sample or a position.
    #[must_use]
    pub const fn from_classes(classes: Classes<'a>) -> Self {
        Self { values: Values::Classes(classes), weights: &[] }
    }

    /// The same with a weight for each sample.
    #[must_use]
    pub fn with_weights(self, weights: &'a [T]) -> Self {
        Self { weights, ..self }
    }

    /// The weight of each sample; empty where all are 1.
    #[must_use]
    pub const fn weights(&self) -> &'a [T] {
        self.weights
    }

    /// The class indices, where the target is no dense one.
    #[must_use]
    pub const fn classes(&self) -> Option<Classes<'a>> {
        match self.values {
            Values::Classes(classes) => Some(classes),
            Values::Dense(_) => None,
        }
    }
}

impl<T: Scalar> Target<'_, T> {
    /// Looks at whether this is a target for `samples` samples of `positions` positions of `scores` scores.
    ///
    /// # Panics
    /// If it is for another number of samples, or a class does not exist.
    #[track_caller]
    pub(crate) fn check(&self, samples: usize, positions: usize, scores: usize) {
        match &self.values {
            Values::Dense(target) => {
                let columns = target.count();
                assert!(
                    columns == samples,
                    "a batch of {samples} samples takes a target of {samples} columns, not {columns}"
                );
            }
            Values::Classes(classes) => classes.check(samples, positions, scores),
        }
        self.check_weights(samples);
    }

    /// # Panics
    /// If there are weights, but not one for each sample, finite and not negative.
    #[track_caller]
    fn check_weights(&self, samples: usize) {
        let count = self.weights.len();
        assert!(count == 0 || count == samples, "a batch of {samples} samples takes {samples} weights, not {count}");
        let is_wrong = |weight: &T| !(weight.is_finite() && *weight >= T::ZERO);
        if let Some(sample) = self.weights.iter().position(is_wrong) {
            let weight = self.weights[sample];
            panic!("sample {sample} has the weight {weight}: a weight is a number of 0 or more");
        }
    }

    /// The values of a dense target for `samples` samples of `rows` scores.
    ///
    /// # Panics
    /// If it is for another number of samples, or holds class indices.
    #[must_use]
    #[track_caller]
    pub fn dense(&self, samples: usize, rows: usize) -> &[T] {
        match &self.values {
            Values::Dense(target) => {
                let target = target.as_slice();
                assert!(
                    target.len() == samples * rows,
                    "a batch of {samples} samples takes a target of {samples} columns, not {}",
                    target.len() / rows
                );
                target
            }
            Values::Classes(_) => panic!("this loss takes a dense target, not class indices"),
        }
    }
}
