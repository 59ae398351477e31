//! How a window slides over an image, as a type.

use core::fmt::Debug;

pub use constgrad_kernels::window::Window;

use constgrad_kernels::window::Pool;

use crate::shape::ImageShape;

/// A [`Window`] as a type: pairs of kernel, stride, padding and dilation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slide<
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PH: usize,
    const PW: usize,
    const DH: usize,
    const DW: usize,
>;

/// A type that stands for a [`Window`].
pub trait Slides: Copy + Debug + Default + PartialEq + Send + Sync + 'static {
    /// The window.
    const WINDOW: Window;
}

impl<
    const KH: usize,
    const KW: usize,
    const SH: usize,
    const SW: usize,
    const PH: usize,
    const PW: usize,
    const DH: usize,
    const DW: usize,
> Slides for Slide<KH, KW, SH, SW, PH, PW, DH, DW>
{
    const WINDOW: Window = Window { kernel: [KH, KW], stride: [SH, SW], padding: [PH, PW], dilation: [DH, DW] };
}

/// The pool that makes images of shape `O` of images of shape `I`; stops the compiler where it does not.
pub(crate) const fn pool<I: ImageShape, O: ImageShape, W: Slides>() -> Pool {
    assert_makes::<I, O>(W::WINDOW);
    assert!(I::IMAGE[0] == O::IMAGE[0], "a pool keeps the channels");
    Pool { image: I::IMAGE, output: O::IMAGE, window: W::WINDOW }
}

/// Stops the compiler where the window does not make images of shape `O` of images of shape `I`.
pub(crate) const fn assert_makes<I: ImageShape, O: ImageShape>(window: Window) {
    let [_, height, width] = I::IMAGE;
    let [rows, columns] = window.slide([height, width]);
    let [_, output_rows, output_columns] = O::IMAGE;
    assert!(rows == output_rows && columns == output_columns, "the window makes images of another size");
}
