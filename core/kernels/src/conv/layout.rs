//! Where the scalars of an image lie, so that neighbouring outputs see neighbouring scalars.

use core::ops::Range;

use pulp::Simd;

use crate::simd::{LANES, Lanes};
use crate::window::Window;

/// A convolution from images to images of other sizes.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    /// Channels, rows and columns of the image.
    pub image: [usize; 3],
    /// Channels, rows and columns of the output.
    pub output: [usize; 3],
    /// What slides over the image.
    pub window: Window,
    /// Each group of outputs sees a group of channels.
    pub groups: usize,
}

/// The bytes of images and outputs that pass together: they stay in the second cache.
const CACHE: usize = 192 << 10;

impl Geometry {
    /// The scalars that `copy` needs for a sample; 0 where the image can be read as it is.
    #[must_use]
    pub const fn room(self) -> usize {
        let Window { stride, padding, .. } = self.window;
        if padding[0] == 0 && padding[1] == 0 && stride[1] == 1 {
            return 0;
        }
        self.image[0] * self.copied_rows() * self.copied_row()
    }

    /// The scalars of a kernel: those that an output is the weighted sum of.
    #[must_use]
    pub const fn fan_in(self) -> usize {
        self.image[0] / self.groups * self.window.kernel[0] * self.window.kernel[1]
    }

    /// The rows that some output sees.
    const fn copied_rows(self) -> usize {
        (self.output[1] - 1) * self.window.stride[0] + self.window.extent()[0]
    }

    /// The columns of one phase: every `stride`th column.
    const fn phase(self) -> usize {
        self.output[2] + (self.window.extent()[1] - 1) / self.window.stride[1]
    }

    /// The scalars of a row of the copy: one phase after the other.
    const fn copied_row(self) -> usize {
        self.window.stride[1] * self.phase()
    }

    /// How many outputs a vector has: fewer than `lanes`, where a row has.
    pub(super) fn outputs(self, lanes: usize) -> usize {
        self.output[2].min(lanes)
    }

    /// Where scalars lie.
    pub(super) const fn layout(self) -> Layout {
        if self.room() == 0 {
            let [channels, rows, columns] = self.image;
            return Layout { sample: channels * rows * columns, channel: rows * columns, row: columns, phase: columns };
        }
        let (rows, row) = (self.copied_rows(), self.copied_row());
        Layout { sample: self.room(), channel: rows * row, row, phase: self.phase() }
    }

    /// How far from the first scalar that an output sees in the first channel of its group those of the weights lie, from
    /// weight `start` on.
    #[inline(always)]
    pub(super) fn offsets(self, start: usize) -> Offsets {
        let [rows, columns] = self.window.kernel;
        Offsets {
            geometry: self,
            layout: self.layout(),
            at: [start / columns / rows, start / columns % rows, start % columns],
        }
    }

    /// Copies an image for the windows to slide over.
    #[inline(always)]
    pub(super) fn copy<T: Lanes>(self, image: &[T], copy: &mut [T]) {
        copy.fill(T::ZERO);
        let stride = self.window.stride[1];
        for (from, to) in self.rows() {
            for (columns, first) in self.phases() {
                let image = image[from..][columns].iter().step_by(stride);
                for (copy, &scalar) in copy[to + first..].iter_mut().zip(image) {
                    *copy = scalar;
                }
            }
        }
    }

    /// The image of which [`copy`](Self::copy) is a copy; 0 where that leaves something out.
    #[inline(always)]
    pub(super) fn copy_back<T: Lanes>(self, copy: &[T], image: &mut [T]) {
        image.fill(T::ZERO);
        let stride = self.window.stride[1];
        for (from, to) in self.rows() {
            for (columns, first) in self.phases() {
                let image = image[from..][columns].iter_mut().step_by(stride);
                for (&copy, scalar) in copy[to + first..].iter().zip(image) {
                    *scalar = copy;
                }
            }
        }
    }

    /// Where each row of the image that some output sees begins, and where its copy does.
    #[inline(always)]
    fn rows(self) -> impl Iterator<Item = (usize, usize)> {
        let [channels, rows, columns] = self.image;
        let (copied_rows, copied_row, padding) = (self.copied_rows(), self.copied_row(), self.window.padding[0]);
        let seen = rows.min(copied_rows.saturating_sub(padding));
        (0..channels * seen).map(move |index| {
            let (channel, row) = (index / seen, index % seen);
            ((channel * rows + row) * columns, (channel * copied_rows + row + padding) * copied_row)
        })
    }

    /// The columns of each phase that some output sees, with what is between them, and where the first lies in the copy of
    /// its row.
    #[inline(always)]
    fn phases(self) -> impl Iterator<Item = (Range<usize>, usize)> {
        let (stride, padding, len) = (self.window.stride[1], self.window.padding[1], self.phase());
        (0..stride).map(move |phase| {
            // Place `index` of the phase is column `phase + index · stride - padding`.
            let first = padding.saturating_sub(phase).div_ceil(stride).min(len);
            let start = (phase + first * stride).saturating_sub(padding).min(self.image[2]);
            let end = (phase + len * stride).saturating_sub(padding + stride - 1).clamp(start, self.image[2]);
            (start..end, phase * len + first)
        })
    }
}

/// [`Geometry::offsets`].
pub(super) struct Offsets {
    geometry: Geometry,
    layout: Layout,
    /// Channel, row and column.
    at: [usize; 3],
}

impl Offsets {
    fn here(&self) -> usize {
        let Window { stride, dilation, .. } = self.geometry.window;
        let [channel, row, column] = self.at;
        let column = column * dilation[1];
        let of_column = column % stride[1] * self.layout.phase + column / stride[1];
        channel * self.layout.channel + row * dilation[0] * self.layout.row + of_column
    }
}

impl Iterator for Offsets {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let here = self.here();
        let [rows, columns] = self.geometry.window.kernel;
        self.at[2] += 1;
        if self.at[2] == columns {
            (self.at[2], self.at[1]) = (0, self.at[1] + 1);
        }
        if self.at[1] == rows {
            (self.at[1], self.at[0]) = (0, self.at[0] + 1);
        }
        Some(here)
    }
}

/// The scalars from one to the next.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) sample: usize,
    pub(super) channel: usize,
    pub(super) row: usize,
    phase: usize,
}

/// A vector of neighbouring outputs in a row; the last of a row overlaps the one before.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    /// Where it lies in the first channel of its sample.
    pub(super) output: usize,
    /// The first scalar that it sees in the first channel of its sample.
    pub(super) image: usize,
    pub(super) is_last: bool,
}

/// The places whose list is made at once.
pub(super) const LISTED: usize = 256;

/// The vectors of the outputs of some samples.
pub(super) struct Places {
    geometry: Geometry,
    lanes: usize,
    list: [Place; LISTED],
}

impl Places {
    pub(super) fn new(geometry: Geometry, lanes: usize) -> Self {
        Self { geometry, lanes, list: [Place::default(); LISTED] }
    }

    /// A number of samples that stay in the second cache together, and whose places fit in one list: where a list ends decides
    /// the order of sums, which does not depend on the other samples.
    pub(super) fn samples_together<T>(&self) -> usize {
        let scalars = self.geometry.layout().sample + self.geometry.output.iter().product::<usize>();
        (CACHE / size_of::<T>() / scalars).min(LISTED / self.count(1)).max(1)
    }

    /// How many there are in `samples` samples.
    pub(super) fn count(&self, samples: usize) -> usize {
        samples * self.geometry.output[1] * self.a_row()
    }

    /// Those from place `start` on, as many as a list holds.
    pub(super) fn list(&mut self, start: usize, samples: usize) -> &[Place] {
        let (a_row, count) = (self.a_row(), LISTED.min(self.count(samples) - start));
        let Geometry { output: [channels, rows, columns], window, .. } = self.geometry;
        let layout = self.geometry.layout();
        let (mut row, mut vector) = (start / a_row, start % a_row);
        for index in 0..count {
            let column = self.column(vector);
            let (sample, row_of_sample) = (row / rows, row % rows);
            self.list[index] = Place {
                output: (sample * channels * rows + row_of_sample) * columns + column,
                image: sample * layout.sample + row_of_sample * window.stride[0] * layout.row + column,
                is_last: vector + 1 == a_row,
            };
            vector += 1;
            if vector == a_row {
                (row, vector) = (row + 1, 0);
            }
        }
        &self.list[..count]
    }

    /// How many vectors a row has.
    fn a_row(&self) -> usize {
        self.geometry.output[2].div_ceil(self.lanes)
    }

    /// The first column of vector `vector` of a row.
    fn column(&self, vector: usize) -> usize {
        (vector * self.lanes).min(self.geometry.output[2].saturating_sub(self.lanes))
    }

    /// The lanes of a vector that is not the last of its row, and of one that is, which are outputs that no other vector has.
    #[inline(always)]
    pub(super) fn masks<T: Lanes, S: Simd>(&self, simd: S) -> [T::Lanes<S>; 2] {
        let last = self.a_row() - 1;
        let (first, end) = (last * self.lanes - self.column(last), self.geometry.output[2].min(self.lanes));
        let mut mask = [T::ZERO; LANES];
        mask[first..end].fill(T::ALL);
        [T::splat(simd, T::ALL), T::load(simd, &mask[..self.lanes])]
    }
}
