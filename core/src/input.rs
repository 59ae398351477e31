//! The inputs of a network: matrices and slices as samples, one after the other.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use nalgebra::{Dim, Matrix, RawStorage};

use crate::counted::Counted;
use crate::network::Port;
use crate::{Batch, Scalar, Shape};

/// The samples of an input, one after the other.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, T> {
    /// Of an input `x: [784]`.
    Scalars(&'a [T]),
    /// Of an input `x: [usize; 784]`.
    Indices(&'a [usize]),
}

impl<'a, T> Input<'a, T> {
    /// The batch of an input of scalars.
    ///
    /// # Panics
    /// If it is one of indices, or does not hold so many samples.
    #[must_use]
    #[track_caller]
    pub fn scalars<S: Shape>(self, samples: usize) -> Batch<'a, T, S> {
        match self {
            Self::Scalars(scalars) => Batch::new(scalars, samples),
            Self::Indices(_) => panic!("an input of scalars was given indices"),
        }
    }

    /// The batch of an input of indices.
    ///
    /// # Panics
    /// If it is one of scalars, or does not hold so many samples.
    #[must_use]
    #[track_caller]
    pub fn indices<S: Shape>(self, samples: usize) -> Batch<'a, usize, S> {
        match self {
            Self::Scalars(_) => panic!("an input of indices was given scalars"),
            Self::Indices(indices) => Batch::new(indices, samples),
        }
    }

    /// The number of samples that this is for an input.
    ///
    /// # Panics
    /// If it is none for that input: indices for scalars or the reverse, no whole samples, or an index too great.
    #[track_caller]
    pub(crate) fn count(&self, Port { name, dims, indices }: &Port) -> usize {
        let each: usize = dims.iter().product();
        let len = match (self, indices) {
            (Self::Scalars(scalars), None) => scalars.len(),
            (Self::Indices(indices), Some(_)) => indices.len(),
            (Self::Scalars(_), Some(_)) => panic!("`{name}` takes indices, but was given scalars"),
            (Self::Indices(_), None) => panic!("`{name}` takes scalars, but was given indices"),
        };
        assert!(len.is_multiple_of(each), "`{name}` was given a slice of {len}, but a sample has {each}");
        if let (Self::Indices(given), Some(count)) = (self, indices)
            && let Some(place) = given.iter().position(|index| index >= count)
        {
            let (index, sample, position) = (given[place], place / each, place % each);
            panic!(
                "sample {sample} of `{name}` has index {index} at position {position}, but indices are below {count}"
            );
        }
        len / each
    }
}

/// An [`Input`] that is borrowed where it lies without gaps, and else a copy.
#[derive(Clone, Debug)]
pub enum InputSamples<'a, T: Scalar> {
    /// Of an input `x: [784]`.
    Scalars(Cow<'a, [T]>),
    /// Of an input `x: [usize; 784]`.
    Indices(Cow<'a, [usize]>),
}

impl<T: Scalar> InputSamples<'_, T> {
    /// All samples.
    pub(crate) fn input(&self) -> Input<'_, T> {
        match self {
            Self::Scalars(scalars) => Input::Scalars(scalars),
            Self::Indices(indices) => Input::Indices(indices),
        }
    }
}

/// The columns of a matrix, one after the other: borrowed where they lie so, copied from a view with gaps.
pub fn columns<X, R, C, S>(matrix: &Matrix<X, R, C, S>) -> Cow<'_, [X]>
where
    X: nalgebra::Scalar,
    R: Dim,
    C: Dim,
    S: RawStorage<X, R, C>,
{
    match as_slice(matrix) {
        Some(slice) => Cow::Borrowed(slice),
        None => Cow::Owned(matrix.iter().cloned().collect()),
    }
}

/// The scalars of a matrix whose columns follow each other without gaps.
#[allow(unsafe_code)]
fn as_slice<T, R, C, S>(matrix: &Matrix<T, R, C, S>) -> Option<&[T]>
where
    R: Dim,
    C: Dim,
    S: RawStorage<T, R, C>,
{
    // SAFETY: `is_contiguous` is the condition that the method names.
    matrix.data.is_contiguous().then(|| unsafe { matrix.data.as_slice_unchecked() })
}

/// What the functions of [`run`](crate::run) take as the `K` inputs of a network whose sizes they do not know.
///
/// - for a network with one input: a slice, an array or a vector of scalars, or of `usize` for an input of indices, sample
///   after sample; or a matrix, one sample a column, whose number of rows is looked at
/// - for one with several: a tuple of those
pub trait IntoInputs<'a, T: Scalar, const K: usize> {
    /// The samples of each of these inputs.
    ///
    /// # Panics
    /// If a matrix has another number of rows than a sample has scalars.
    #[track_caller]
    fn into_inputs(self, inputs: &[Port]) -> [InputSamples<'a, T>; K];
}

impl<'a, T: Scalar, const K: usize> IntoInputs<'a, T, K> for [InputSamples<'a, T>; K] {
    fn into_inputs(self, _: &[Port]) -> Self {
        self
    }
}

impl<'a, T: Scalar> IntoInputs<'a, T, 1> for &'a [T] {
    fn into_inputs(self, _: &[Port]) -> [InputSamples<'a, T>; 1] {
        [InputSamples::Scalars(self.into())]
    }
}

impl<'a, T: Scalar> IntoInputs<'a, T, 1> for &'a [usize] {
    fn into_inputs(self, _: &[Port]) -> [InputSamples<'a, T>; 1] {
        [InputSamples::Indices(self.into())]
    }
}

impl<'a, T: Scalar, X, const LEN: usize> IntoInputs<'a, T, 1> for &'a [X; LEN]
where
    &'a [X]: IntoInputs<'a, T, 1>,
{
    fn into_inputs(self, inputs: &[Port]) -> [InputSamples<'a, T>; 1] {
        self.as_slice().into_inputs(inputs)
    }
}

impl<'a, T: Scalar, X> IntoInputs<'a, T, 1> for &'a Vec<X>
where
    &'a [X]: IntoInputs<'a, T, 1>,
{
    fn into_inputs(self, inputs: &[Port]) -> [InputSamples<'a, T>; 1] {
        self.as_slice().into_inputs(inputs)
    }
}

impl<'a, T: Scalar, R: Dim, C: Dim, S: RawStorage<T, R, C>> IntoInputs<'a, T, 1> for &'a Matrix<T, R, C, S> {
    #[track_caller]
    fn into_inputs(self, inputs: &[Port]) -> [InputSamples<'a, T>; 1] {
        assert_rows(self.nrows(), inputs);
        [InputSamples::Scalars(columns(self))]
    }
}

impl<'a, T: Scalar, R: Dim, C: Dim, S: RawStorage<usize, R, C>> IntoInputs<'a, T, 1> for &'a Matrix<usize, R, C, S> {
    #[track_caller]
    fn into_inputs(self, inputs: &[Port]) -> [InputSamples<'a, T>; 1] {
        assert_rows(self.nrows(), inputs);
        [InputSamples::Indices(columns(self))]
    }
}

#[track_caller]
fn assert_rows(rows: usize, inputs: &[Port]) {
    if let [Port { name, dims, .. }] = inputs {
        let each: usize = dims.iter().product();
        assert!(rows == each, "`{name}` was given a matrix of {}, but a sample has {each}", Counted(rows, "row"));
    }
}

macro_rules! of_several {
    ($count:literal: $($input:ident $index:tt),+) => {
        impl<'a, T: Scalar, $($input: IntoInputs<'a, T, 1>),+> IntoInputs<'a, T, $count> for ($($input,)+) {
            #[track_caller]
            fn into_inputs(self, inputs: &[Port]) -> [InputSamples<'a, T>; $count] {
                [$({
                    let [input] = self.$index.into_inputs(inputs.get($index..=$index).unwrap_or_default());
                    input
                }),+]
            }
        }
    };
}
of_several!(2: A 0, B 1);
of_several!(3: A 0, B 1, C 2);
of_several!(4: A 0, B 1, C 2, D 3);
of_several!(5: A 0, B 1, C 2, D 3, E 4);
of_several!(6: A 0, B 1, C 2, D 3, E 4, F 5);
