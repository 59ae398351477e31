//! Targets: what a loss compares scores with.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use nalgebra::{Dim, IsContiguous, Matrix, RawStorage};

use crate::Scalar;
use crate::counted::Counted;
use crate::input::columns;

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
    Dense(Dense<'a, T>),
    /// One class a sample, or a position.
    Classes(Classes<'a>),
}

/// Values, sample after sample.
#[derive(Clone, Debug)]
struct Dense<'a, T: Scalar> {
    values: Cow<'a, [T]>,
    /// Rows and columns, where they were a matrix.
    shape: Option<(usize, usize)>,
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
            "a batch of {} takes {}{each}, not {}",
            Counted(samples, "sample"),
            Counted(classes, "class"),
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
    const fn from_dense(values: Cow<'a, [T]>, shape: Option<(usize, usize)>) -> Self {
        Self { values: Values::Dense(Dense { values, shape }), weights: &[] }
    }

    /// Class indices, one a sample or a position.
    #[must_use]
    pub(crate) const fn from_classes(classes: Classes<'a>) -> Self {
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
            Values::Dense(Dense { shape: Some((rows, columns)), .. }) => {
                assert!(
                    *columns == samples,
                    "a batch of {} takes a target of {}, not {columns}",
                    Counted(samples, "sample"),
                    Counted(samples, "column")
                );
                let expected = positions * scores;
                assert!(*rows == expected, "a target has {} here, not {rows}", Counted(expected, "row"));
            }
            Values::Dense(Dense { values, shape: None }) => {
                let (each, len) = (positions * scores, values.len());
                assert!(
                    len == each * samples,
                    "a batch of {} takes a target of {}, {each} a sample, not {len}",
                    Counted(samples, "sample"),
                    Counted(each * samples, "scalar")
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
        assert!(
            count == 0 || count == samples,
            "a batch of {} takes {}, not {count}",
            Counted(samples, "sample"),
            Counted(samples, "weight")
        );
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
        let Values::Dense(Dense { values, .. }) = &self.values else {
            panic!("this loss takes a dense target, not class indices")
        };
        assert!(
            values.len() == samples * rows,
            "a batch of {} takes a target of {}, not {}",
            Counted(samples, "sample"),
            Counted(samples, "column"),
            values.len() / rows
        );
        values
    }
}

/// Values to reach, sample after sample.
impl<'a, T: Scalar> From<&'a [T]> for Target<'a, T> {
    fn from(values: &'a [T]) -> Self {
        Self::from_dense(values.into(), None)
    }
}

/// Class indices, one a sample or a position.
impl<'a, T: Scalar> From<&'a [usize]> for Target<'a, T> {
    fn from(classes: &'a [usize]) -> Self {
        Self::from_classes(Classes::Usize(classes))
    }
}

/// Class indices, one a sample or a position.
impl<'a, T: Scalar> From<&'a [u8]> for Target<'a, T> {
    fn from(classes: &'a [u8]) -> Self {
        Self::from_classes(Classes::U8(classes))
    }
}

impl<'a, T: Scalar, X, const LEN: usize> From<&'a [X; LEN]> for Target<'a, T>
where
    Self: From<&'a [X]>,
{
    fn from(target: &'a [X; LEN]) -> Self {
        target.as_slice().into()
    }
}

impl<'a, T: Scalar, X> From<&'a Vec<X>> for Target<'a, T>
where
    Self: From<&'a [X]>,
{
    fn from(target: &'a Vec<X>) -> Self {
        target.as_slice().into()
    }
}

/// Values to reach, a sample a column.
impl<'a, T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>> From<&'a Matrix<T, R, C, S>> for Target<'a, T> {
    fn from(matrix: &'a Matrix<T, R, C, S>) -> Self {
        Self::from_dense(columns(matrix), Some(matrix.shape()))
    }
}

/// Class indices, a sample a column.
impl<'a, T, R, C, S> From<&'a Matrix<usize, R, C, S>> for Target<'a, T>
where
    T: Scalar,
    R: Dim,
    C: Dim,
    S: RawStorage<usize, R, C> + IsContiguous,
{
    fn from(matrix: &'a Matrix<usize, R, C, S>) -> Self {
        matrix.as_slice().into()
    }
}
