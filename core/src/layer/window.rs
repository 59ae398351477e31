//! How a window slides over an image: what convolutions and pools have in common.

use core::fmt::Debug;
use core::slice::{ChunksExact, ChunksExactMut};

use crate::shape::Image;

/// A window over rows and columns, each pair one of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// How many scalars it covers.
    pub kernel: [usize; 2],
    /// How far it moves from one output to the next.
    pub stride: [usize; 2],
    /// How many rows or columns the image is thought to have before its first and after its last.
    pub padding: [usize; 2],
    /// How far the scalars that it covers are apart.
    pub dilation: [usize; 2],
}

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

/// A window that slides over each channel by itself.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// Channels, rows and columns of the input.
    pub(crate) image: [usize; 3],
    /// Channels, rows and columns of the output.
    pub(crate) output: [usize; 3],
    pub(crate) window: Window,
}

impl Pool {
    /// The pool that makes images of shape `O` of images of shape `I`; stops the compiler where it does not.
    pub(crate) const fn new<I: Image, O: Image, W: Slides>() -> Self {
        W::WINDOW.assert_makes::<I, O>();
        assert!(I::IMAGE[0] == O::IMAGE[0], "a pool keeps the channels");
        Self { image: I::IMAGE, output: O::IMAGE, window: W::WINDOW }
    }

    /// Each channel of each sample of the input.
    pub(crate) fn planes<T>(self, input: &[T]) -> ChunksExact<'_, T> {
        input.chunks_exact(self.image[1] * self.image[2])
    }

    /// [`planes`](Self::planes), mutably.
    pub(crate) fn planes_mut<T>(self, input: &mut [T]) -> ChunksExactMut<'_, T> {
        input.chunks_exact_mut(self.image[1] * self.image[2])
    }

    /// Each channel of each sample of the output.
    pub(crate) fn output_planes<T>(self, output: &[T]) -> ChunksExact<'_, T> {
        output.chunks_exact(self.output[1] * self.output[2])
    }

    /// [`output_planes`](Self::output_planes), mutably.
    pub(crate) fn output_planes_mut<T>(self, output: &mut [T]) -> ChunksExactMut<'_, T> {
        output.chunks_exact_mut(self.output[1] * self.output[2])
    }
}

impl Window {
    /// The rows and columns that a window covers, gaps included.
    pub(crate) const fn extent(self) -> [usize; 2] {
        let [rows, columns] = self.kernel;
        [(rows - 1) * self.dilation[0] + 1, (columns - 1) * self.dilation[1] + 1]
    }

    /// The rows and columns of the output for an input of `height` by `width`: `⌊(size + 2 padding - extent) / stride⌋ + 1`.
    ///
    /// # Panics
    /// If the window is greater than the padded input.
    pub(crate) const fn slide(self, [height, width]: [usize; 2]) -> [usize; 2] {
        let [rows, columns] = self.extent();
        let [padded_height, padded_width] = [height + 2 * self.padding[0], width + 2 * self.padding[1]];
        assert!(rows <= padded_height && columns <= padded_width, "the window is greater than the padded input");
        [(padded_height - rows) / self.stride[0] + 1, (padded_width - columns) / self.stride[1] + 1]
    }

    /// Stops the compiler where the window does not make images of shape `O` of images of shape `I`.
    pub(crate) const fn assert_makes<I: Image, O: Image>(self) {
        let [_, height, width] = I::IMAGE;
        let [rows, columns] = self.slide([height, width]);
        let [_, output_rows, output_columns] = O::IMAGE;
        assert!(rows == output_rows && columns == output_columns, "the window makes images of another size");
    }
}
