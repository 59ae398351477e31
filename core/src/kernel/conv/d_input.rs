use pulp::{Simd, WithSimd};

use super::layout::{Geometry, Places};
use crate::kernel::lanes::{LANES, Lanes};
use crate::kernel::split::Split;

/// The gradient of the image: what each output sends to its window.
///
/// For one scalar of the kernel, a tile of 6 channels of the image by 2 vectors of outputs keeps its sums over the channels of
/// the output in registers, and then adds them where that scalar lies.
pub(in crate::kernel) struct DInput<'a, T> {
    pub(in crate::kernel) weight: &'a [T],
    pub(in crate::kernel) d_output: &'a [T],
    /// For the gradients of the copies that windows slide over, as much a sample as the geometry says.
    pub(in crate::kernel) room: &'a mut [T],
    pub(in crate::kernel) d_input: &'a mut [T],
    pub(in crate::kernel) geometry: Geometry,
}

impl<T: Lanes> WithSimd for DInput<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { weight, d_output, room, d_input, geometry } = self;
        let samples = d_input.chunks_exact_mut(geometry.image.iter().product());
        let places = Places::new(geometry, T::count::<S>());
        for (index, (d_image, d_output)) in
            samples.zip(d_output.chunks_exact(geometry.output.iter().product())).enumerate()
        {
            let sample = Sample { geometry, places, weight, d_output };
            match geometry.room() {
                0 => sample.compute(simd, d_image),
                len => {
                    let copy = &mut room[index * len..][..len];
                    sample.compute(simd, copy);
                    geometry.copy_back(copy, d_image);
                }
            }
        }
    }
}

/// In samples.
impl<T: Lanes> Split for DInput<'_, T> {
    const WIDE: bool = false;

    fn cost(&self) -> usize {
        self.d_output.len() * self.geometry.fan_in()
    }

    fn parts(&self) -> usize {
        self.d_output.len() / self.geometry.output.iter().product::<usize>()
    }

    fn split(self, samples: usize) -> (Self, Self) {
        let geometry = self.geometry;
        let (d_input, other_d_input) = self.d_input.split_at_mut(samples * geometry.image.iter().product::<usize>());
        let (room, other_room) = self.room.split_at_mut(samples * geometry.room());
        let (d_output, other_d_output) = self.d_output.split_at(samples * geometry.output.iter().product::<usize>());
        (
            Self { d_input, room, d_output, ..self },
            Self { d_input: other_d_input, room: other_room, d_output: other_d_output, ..self },
        )
    }
}

/// One sample.
struct Sample<'a, T> {
    geometry: Geometry,
    places: Places,
    weight: &'a [T],
    d_output: &'a [T],
}

impl<T: Lanes> Sample<'_, T> {
    #[inline(always)]
    fn compute<S: Simd>(&self, simd: S, d_image: &mut [T]) {
        d_image.fill(T::ZERO);
        let Geometry { image: [channels, ..], groups, .. } = self.geometry;
        let channels = channels / groups;
        for group in 0..groups {
            let mut channel = 0;
            while channel < channels {
                channel += match channels - channel {
                    6.. => self.all_places::<S, 6>(simd, group, channel, d_image),
                    4.. => self.all_places::<S, 4>(simd, group, channel, d_image),
                    2.. => self.all_places::<S, 2>(simd, group, channel, d_image),
                    _ => self.all_places::<S, 1>(simd, group, channel, d_image),
                };
            }
        }
    }

    /// To `M` channels of a group from all outputs; says `M`.
    #[inline(always)]
    fn all_places<S: Simd, const M: usize>(&self, simd: S, group: usize, channel: usize, d_image: &mut [T]) -> usize {
        let [kernel_rows, kernel_columns] = self.geometry.window.kernel;
        for row in 0..kernel_rows {
            for column in 0..kernel_columns {
                let mut place = 0;
                while place + 1 < self.places.count {
                    self.tile::<S, M, 2>(simd, group, channel, [row, column], place, d_image);
                    place += 2;
                }
                if place < self.places.count {
                    self.tile::<S, M, 1>(simd, group, channel, [row, column], place, d_image);
                }
            }
        }
        M
    }

    /// To `M` channels of a group from the outputs in `V` vectors, for one scalar of the kernel.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const V: usize>(
        &self,
        simd: S,
        group: usize,
        channel: usize,
        [kernel_row, kernel_column]: [usize; 2],
        place: usize,
        d_image: &mut [T],
    ) {
        let Geometry { image: [channels, ..], output: [outputs, rows, columns], window, groups } = self.geometry;
        let (layout, lanes, fan_in) = (self.geometry.layout(), T::count::<S>(), self.geometry.fan_in());
        let [kernel_rows, kernel_columns] = window.kernel;
        let kernel = kernel_rows * kernel_columns;
        let (mut starts, mut targets, mut masks) = ([0; V], [0; V], [T::splat(simd, T::ALL); V]);
        let offset = self.geometry.offset([kernel_row, kernel_column]);
        unroll!(v < V, {
            let [row, column] = self.places.at(place + v);
            starts[v] = row * columns + column;
            targets[v] = row * window.stride[0] * layout.row + column + offset;
            masks[v] = after::<T, S>(self.places.overlap((place + v) % self.places.a_row));
        });
        let mut sums = [[T::splat(simd, T::ZERO); V]; M];
        let of_group = outputs / groups;
        for output in group * of_group..(group + 1) * of_group {
            let d_plane = &self.d_output[output * rows * columns..][..rows * columns];
            let mut d = [T::splat(simd, T::ZERO); V];
            unroll!(v < V, {
                let scalars = &d_plane[starts[v]..][..self.places.len()];
                d[v] = match T::split::<S>(scalars) {
                    ([whole], _) => T::and(simd, masks[v], *whole),
                    (_, part) => T::load(simd, part),
                };
            });
            let weights =
                &self.weight[output * fan_in + channel * kernel + kernel_row * kernel_columns + kernel_column..];
            unroll!(m < M, {
                let w = T::splat(simd, weights[m * kernel]);
                unroll!(v < V, { sums[m][v] = T::mul_add(simd, d[v], w, sums[m][v]) });
            });
        }
        unroll!(m < M, {
            let channel = group * (channels / groups) + channel + m;
            unroll!(v < V, {
                let target = T::split_mut::<S>(&mut d_image[channel * layout.channel + targets[v]..][..lanes]).0;
                target[0] = T::plus(simd, target[0], sums[m][v]);
            });
        });
    }
}

/// All bits of the lanes from `overlap` on.
#[inline(always)]
pub(super) fn after<T: Lanes, S: Simd>(overlap: usize) -> T::Lanes<S> {
    let lanes = T::count::<S>();
    T::split::<S>(&const { mask::<T>() }[LANES - overlap..][..lanes]).0[0]
}

/// Lanes without a bit, then lanes with all.
const fn mask<T: Lanes>() -> [T; 2 * LANES] {
    let mut mask = [T::ZERO; 2 * LANES];
    let mut lane = LANES;
    while lane < mask.len() {
        mask[lane] = T::ALL;
        lane += 1;
    }
    mask
}
