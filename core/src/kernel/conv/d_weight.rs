use pulp::{Simd, WithSimd};

use super::d_input::after;
use super::layout::{Geometry, Places};
use crate::kernel::dots::store_sums;
use crate::kernel::lanes::Lanes;
use crate::kernel::split::Split;

/// The gradient of the weights: `Σ d_output · window` over outputs and samples.
///
/// A tile of 3 channels by 4 scalars of the kernel keeps its sums in registers, a vector each, over a block of samples that
/// stays in the second cache; then the lanes are summed.
pub(in crate::kernel) struct DWeight<'a, T> {
    /// What the windows slide over: images, or the copies that the forward pass made.
    pub(in crate::kernel) images: &'a [T],
    pub(in crate::kernel) d_output: &'a [T],
    /// Those of the channels from `first` on.
    pub(in crate::kernel) d_weight: &'a mut [T],
    pub(in crate::kernel) first: usize,
    pub(in crate::kernel) geometry: Geometry,
}

/// The bytes of images and gradients that pass together.
const CACHE: usize = 192 << 10;

impl<T: Lanes> WithSimd for DWeight<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { images, d_output, d_weight, first, geometry } = self;
        d_weight.fill(T::ZERO);
        let (image, output) = (geometry.layout().sample, geometry.output.iter().product::<usize>());
        let block = (CACHE / size_of::<T>() / (image + output)).max(1);
        let places = Places::new(geometry, T::count::<S>());
        for (images, d_output) in images.chunks(block * image).zip(d_output.chunks(block * output)) {
            Block { geometry, places, images, d_output, first }.add(simd, d_weight);
        }
    }
}

/// In channels of the output.
impl<T: Lanes> Split for DWeight<'_, T> {
    const WIDE: bool = false;

    fn cost(&self) -> usize {
        self.d_output.len() / self.geometry.output[0] * self.d_weight.len()
    }

    fn parts(&self) -> usize {
        self.d_weight.len() / self.geometry.fan_in()
    }

    fn split(self, channels: usize) -> (Self, Self) {
        let (d_weight, others) = self.d_weight.split_at_mut(channels * self.geometry.fan_in());
        let first = self.first + channels;
        (Self { d_weight, ..self }, Self { d_weight: others, first, ..self })
    }
}

/// Samples that pass together.
struct Block<'a, T> {
    geometry: Geometry,
    places: Places,
    images: &'a [T],
    d_output: &'a [T],
    first: usize,
}

impl<T: Lanes> Block<'_, T> {
    #[inline(always)]
    fn add<S: Simd>(&self, simd: S, d_weight: &mut [T]) {
        let fan_in = self.geometry.fan_in();
        let of_group = self.geometry.output[0] / self.geometry.groups;
        let (mut channel, end) = (self.first, self.first + d_weight.len() / fan_in);
        while channel < end {
            let d_weight = &mut d_weight[(channel - self.first) * fan_in..];
            // The channels of a tile see the same channels of the image.
            channel += match (of_group - channel % of_group).min(end - channel) {
                3.. => self.all_weights::<S, 3>(simd, channel, d_weight),
                _ => self.all_weights::<S, 1>(simd, channel, d_weight),
            };
        }
    }

    /// All weights of `M` channels; says `M`.
    #[inline(always)]
    fn all_weights<S: Simd, const M: usize>(&self, simd: S, channel: usize, d_weight: &mut [T]) -> usize {
        let fan_in = self.geometry.fan_in();
        let mut weight = 0;
        while weight < fan_in {
            weight += match fan_in - weight {
                4.. => self.tile::<S, M, 4>(simd, channel, weight, d_weight),
                _ => self.tile::<S, M, 1>(simd, channel, weight, d_weight),
            };
        }
        M
    }

    /// `N` weights of `M` channels; says `N`.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(
        &self,
        simd: S,
        channel: usize,
        weight: usize,
        d_weight: &mut [T],
    ) -> usize {
        let Geometry { image: [channels, ..], output: [outputs, rows, columns], window, groups } = self.geometry;
        let (layout, lanes, fan_in) = (self.geometry.layout(), T::count::<S>(), self.geometry.fan_in());
        let [kernel_rows, kernel_columns] = window.kernel;
        let first_input = channel / (outputs / groups) * (channels / groups);
        let mut offsets = [0; N];
        unroll!(n < N, {
            let (input, scalar) =
                ((weight + n) / (kernel_rows * kernel_columns), (weight + n) % (kernel_rows * kernel_columns));
            let at = [scalar / kernel_columns, scalar % kernel_columns];
            offsets[n] = (first_input + input) * layout.channel + self.geometry.offset(at);
        });
        let plane = rows * columns;
        let (all, last) = (T::splat(simd, T::ALL), after::<T, S>(self.places.overlap(self.places.a_row - 1)));
        let mut sums = [[T::splat(simd, T::ZERO); N]; M];
        let samples = self.images.chunks_exact(layout.sample).zip(self.d_output.chunks_exact(outputs * plane));
        for (image, d_output) in samples {
            let d_output = &d_output[channel * plane..][..M * plane];
            for row in 0..rows {
                for vector in 0..self.places.a_row {
                    let column = self.places.column(vector);
                    let mask = if vector + 1 < self.places.a_row { all } else { last };
                    let mut d = [T::splat(simd, T::ZERO); M];
                    unroll!(m < M, {
                        let scalars = &d_output[m * plane + row * columns + column..][..self.places.len()];
                        d[m] = match T::split::<S>(scalars) {
                            ([whole], _) => T::and(simd, mask, *whole),
                            (_, part) => T::load(simd, part),
                        };
                    });
                    let start = row * window.stride[0] * layout.row + column;
                    unroll!(n < N, {
                        let x = T::split::<S>(&image[start + offsets[n]..][..lanes]).0[0];
                        unroll!(m < M, { sums[m][n] = T::mul_add(simd, d[m], x, sums[m][n]) });
                    });
                }
            }
        }
        unroll!(m < M, {
            let results = &mut d_weight[m * fan_in + weight..][..N];
            let mut before = [T::ZERO; N];
            before.copy_from_slice(results);
            store_sums::<T, S, N>(simd, sums[m], &before, results);
        });
        N
    }
}
