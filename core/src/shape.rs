//! Shapes as types: what rustc compares when the macro cannot.

use core::fmt::Debug;

/// The shape of one sample, known at compile time.
///
/// A sample is stored contiguously, the last dimension fastest.
pub trait Shape: sealed::Sealed + Copy + Debug + Default + PartialEq + Send + Sync + 'static {
    /// The dimensions, outermost first.
    const DIMS: &'static [usize];
    /// The number of scalars: the product of [`DIMS`](Self::DIMS).
    const LEN: usize;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! rank {
    ($(#[$doc:meta])* $name:ident<$($dim:ident),+>) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct $name<$(const $dim: usize),+>;

        impl<$(const $dim: usize),+> sealed::Sealed for $name<$($dim),+> {}

        impl<$(const $dim: usize),+> Shape for $name<$($dim),+> {
            const DIMS: &'static [usize] = &[$($dim),+];
            const LEN: usize = 1 $(* $dim)+;
        }
    };
}

rank! {
    /// The shape `[N]`: a vector.
    Rank1<N>
}
rank! {
    /// The shape `[A, B]`.
    Rank2<A, B>
}
rank! {
    /// The shape `[A, B, C]`: for an image, channels, rows and columns.
    Rank3<A, B, C>
}

/// The shape of a vector, which may stand at each position of a sequence.
pub trait VectorShape: Shape {
    /// The shape of a sequence of `L` such vectors.
    type Sequence<const L: usize>: Shape;
}

impl<const D: usize> VectorShape for Rank1<D> {
    type Sequence<const L: usize> = Rank2<L, D>;
}

/// A shape of channels, rows and columns; a signal of channels and scalars is an image of one row.
pub trait ImageShape: Shape {
    /// Channels, rows and columns.
    const IMAGE: [usize; 3];
}

impl<const C: usize, const L: usize> ImageShape for Rank2<C, L> {
    const IMAGE: [usize; 3] = [C, 1, L];
}

impl<const C: usize, const H: usize, const W: usize> ImageShape for Rank3<C, H, W> {
    const IMAGE: [usize; 3] = [C, H, W];
}

/// Whether a value of this shape fits where one of shape `Expected` is needed: the same, for every const parameter.
#[diagnostic::on_unimplemented(
    message = "a value of shape `{Self}` is given where `{Expected}` is needed",
    label = "takes `{Expected}`, but gets `{Self}`",
    note = "two sizes that depend on const parameters fit only if they are the same parameter"
)]
pub trait Fits<Expected: Shape>: Shape {}

impl<S: Shape> Fits<S> for S {}

/// Compiles where `Found` fits.
pub const fn fits<Found: Fits<Expected>, Expected: Shape>() {}
