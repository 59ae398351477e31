//! How a window slides over an image: what convolutions and pools have in common.

use core::slice::{ChunksExact, ChunksExactMut};

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

/// A window that slides over each channel by itself.
#[derive(Clone, Copy, Debug)]
pub struct Pool {
    /// Channels, rows and columns of the input.
    pub image: [usize; 3],
    /// Channels, rows and columns of the output.
    pub output: [usize; 3],
    /// What slides.
    pub window: Window,
}

impl Pool {
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
    #[must_use]
    pub const fn extent(self) -> [usize; 2] {
        let [rows, columns] = self.kernel;
        [(rows - 1) * self.dilation[0] + 1, (columns - 1) * self.dilation[1] + 1]
    }

    /// The rows and columns of the output for an input of `height` by `width`: `⌊(size + 2 padding - extent) / stride⌋ + 1`.
    ///
    /// # Panics
    /// If the window is greater than the padded input.
    #[must_use]
    pub const fn slide(self, [height, width]: [usize; 2]) -> [usize; 2] {
        let [rows, columns] = self.extent();
        let [padded_height, padded_width] = [height + 2 * self.padding[0], width + 2 * self.padding[1]];
        assert!(rows <= padded_height && columns <= padded_width, "the window is greater than the padded input");
        [(padded_height - rows) / self.stride[0] + 1, (padded_width - columns) / self.stride[1] + 1]
    }
}
