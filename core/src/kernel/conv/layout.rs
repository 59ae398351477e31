//! Where the scalars of an image lie, so that neighbouring outputs see neighbouring scalars.

use crate::kernel::lanes::Lanes;
use crate::layer::Window;

/// A convolution from images to images of other sizes.
#[derive(Clone, Copy, Debug)]
pub struct Geometry {
    /// Channels, rows and columns of the image.
    pub(crate) image: [usize; 3],
    /// Channels, rows and columns of the output.
    pub(crate) output: [usize; 3],
    pub(crate) window: Window,
    /// Each group of outputs sees a group of channels.
    pub(crate) groups: usize,
}

/// The most lanes of a vector of 256 bits: no load reaches further beyond the last scalar.
const SLACK: usize = 8;

impl Geometry {
    /// The scalars that `copy` needs for a sample; 0 where the image can be read as it is.
    pub(crate) const fn room(self) -> usize {
        let Window { stride, padding, .. } = self.window;
        if padding[0] == 0 && padding[1] == 0 && stride[1] == 1 && self.output[2] >= SLACK {
            return 0;
        }
        self.image[0] * self.copied_rows() * self.copied_row() + SLACK
    }

    /// The scalars of a kernel: those that an output is the weighted sum of.
    pub(crate) const fn fan_in(self) -> usize {
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

    /// Where scalars lie.
    pub(super) const fn layout(self) -> Layout {
        if self.room() == 0 {
            let [channels, rows, columns] = self.image;
            return Layout { sample: channels * rows * columns, channel: rows * columns, row: columns, phase: columns };
        }
        let (rows, row) = (self.copied_rows(), self.copied_row());
        Layout { sample: self.room(), channel: rows * row, row, phase: self.phase() }
    }

    /// How far from the first scalar that an output sees, of one channel, those in the row of the kernel lie.
    #[inline(always)]
    pub(super) fn offsets(self) -> Offsets {
        let (stride, dilation) = (self.window.stride[1], self.window.dilation[1]);
        let step = [dilation % stride, dilation / stride];
        Offsets { stride, phase_len: self.layout().phase, step, phase: 0, index: 0, left: self.window.kernel[1] }
    }

    /// How far from the first scalar that an output sees, of one channel, the one at `[row, column]` of the kernel lies.
    pub(super) fn offset(self, [row, column]: [usize; 2]) -> usize {
        let Layout { row: row_len, phase, .. } = self.layout();
        let [row, column] = [row * self.window.dilation[0], column * self.window.dilation[1]];
        row * row_len + column % self.window.stride[1] * phase + column / self.window.stride[1]
    }

    /// Copies an image for the windows to slide over.
    pub(super) fn copy<T: Lanes>(self, image: &[T], copy: &mut [T]) {
        copy.fill(T::ZERO);
        self.each_row(|from, to, columns| {
            for (index, &scalar) in image[from..][..columns].iter().enumerate() {
                if let Some(place) = self.place(index) {
                    copy[to + place] = scalar;
                }
            }
        });
    }

    /// The image of which [`copy`](Self::copy) is a copy; 0 where it leaves something out.
    pub(super) fn copy_back<T: Lanes>(self, copy: &[T], image: &mut [T]) {
        image.fill(T::ZERO);
        self.each_row(|from, to, columns| {
            for (index, scalar) in image[from..][..columns].iter_mut().enumerate() {
                if let Some(place) = self.place(index) {
                    *scalar = copy[to + place];
                }
            }
        });
    }

    /// Calls `row` with where each row of the image begins, where its copy does, and its columns.
    #[inline(always)]
    fn each_row(self, mut row: impl FnMut(usize, usize, usize)) {
        let [channels, rows, columns] = self.image;
        let (copied_rows, copied_row) = (self.copied_rows(), self.copied_row());
        for channel in 0..channels {
            for index in 0..rows {
                let copied = index + self.window.padding[0];
                if copied < copied_rows {
                    row((channel * rows + index) * columns, (channel * copied_rows + copied) * copied_row, columns);
                }
            }
        }
    }

    /// Where in the copy of its row a column lies.
    #[inline(always)]
    fn place(self, column: usize) -> Option<usize> {
        let padded = column + self.window.padding[1];
        let (phase, index) = (padded % self.window.stride[1], padded / self.window.stride[1]);
        (index < self.phase()).then_some(phase * self.phase() + index)
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

/// [`Geometry::offsets`], without a division each.
#[derive(Clone, Copy)]
pub(super) struct Offsets {
    stride: usize,
    phase_len: usize,
    step: [usize; 2],
    phase: usize,
    index: usize,
    left: usize,
}

impl Iterator for Offsets {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let offset = self.phase * self.phase_len + self.index;
        self.phase += self.step[0];
        self.index += self.step[1];
        if self.phase >= self.stride {
            self.phase -= self.stride;
            self.index += 1;
        }
        Some(offset)
    }
}

/// The vectors of an output of `rows` by `columns`: each of one row, the last of a row overlapping the one before.
#[derive(Clone, Copy)]
pub(super) struct Places {
    columns: usize,
    lanes: usize,
    pub(super) a_row: usize,
    pub(super) count: usize,
}

impl Places {
    #[inline(always)]
    pub(super) fn new(geometry: Geometry, lanes: usize) -> Self {
        let [_, rows, columns] = geometry.output;
        let a_row = columns.div_ceil(lanes);
        Self { columns, lanes, a_row, count: rows * a_row }
    }

    /// Row and first column of a vector.
    #[inline(always)]
    pub(super) fn at(self, place: usize) -> [usize; 2] {
        [place / self.a_row, self.column(place % self.a_row)]
    }

    /// The first column of vector `vector` of a row.
    #[inline(always)]
    pub(super) fn column(self, vector: usize) -> usize {
        (vector * self.lanes).min(self.columns.saturating_sub(self.lanes))
    }

    /// How many scalars a vector has: fewer than lanes, where a row has.
    #[inline(always)]
    pub(super) fn len(self) -> usize {
        self.columns.min(self.lanes)
    }

    /// How many lanes of vector `vector` of a row belong to the one before, too.
    #[inline(always)]
    pub(super) fn overlap(self, vector: usize) -> usize {
        vector * self.lanes - self.column(vector)
    }
}
