use pulp::{Simd, WithSimd};

use super::layout::{Geometry, Places};
use crate::kernel::Kernel;
use crate::kernel::lanes::Lanes;
use crate::kernel::split::Split;
use crate::layer::Activation;

/// `output = activation(Σ weight · window + bias)`, each output.
///
/// A tile of 6 channels by 2 vectors keeps its sums in registers over the whole window.
pub(in crate::kernel) struct Forward<'a, T> {
    pub(in crate::kernel) input: &'a [T],
    /// For the copies that windows slide over, as much a sample as the geometry says.
    pub(in crate::kernel) room: &'a mut [T],
    pub(in crate::kernel) weight: &'a [T],
    /// Nothing, or one a channel.
    pub(in crate::kernel) bias: &'a [T],
    pub(in crate::kernel) activation: Option<Activation>,
    pub(in crate::kernel) output: &'a mut [T],
    pub(in crate::kernel) geometry: Geometry,
}

impl<T: Lanes + Kernel> WithSimd for Forward<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { input, room, weight, bias, activation, output, geometry } = self;
        let samples = input.chunks_exact(geometry.image.iter().product());
        let outputs = output.chunks_exact_mut(geometry.output.iter().product());
        let places = Places::new(geometry, T::count::<S>());
        for (index, (image, output)) in samples.zip(outputs).enumerate() {
            let image = match geometry.room() {
                0 => image,
                len => {
                    let copy = &mut room[index * len..][..len];
                    geometry.copy(image, copy);
                    copy
                }
            };
            Sample { geometry, places, image, weight, bias }.compute(simd, output);
            if let Some(activation) = activation {
                T::activate(activation, output);
            }
        }
    }
}

/// In samples.
impl<T: Lanes + Kernel> Split for Forward<'_, T> {
    const WIDE: bool = false;

    fn cost(&self) -> usize {
        self.output.len() * self.geometry.fan_in()
    }

    fn parts(&self) -> usize {
        self.output.len() / self.geometry.output.iter().product::<usize>()
    }

    fn split(self, samples: usize) -> (Self, Self) {
        let geometry = self.geometry;
        let (input, other_input) = self.input.split_at(samples * geometry.image.iter().product::<usize>());
        let (room, other_room) = self.room.split_at_mut(samples * geometry.room());
        let (output, other_output) = self.output.split_at_mut(samples * geometry.output.iter().product::<usize>());
        (
            Self { input, room, output, ..self },
            Self { input: other_input, room: other_room, output: other_output, ..self },
        )
    }
}

/// One sample.
struct Sample<'a, T> {
    geometry: Geometry,
    places: Places,
    image: &'a [T],
    weight: &'a [T],
    bias: &'a [T],
}

impl<T: Lanes> Sample<'_, T> {
    #[inline(always)]
    fn compute<S: Simd>(&self, simd: S, output: &mut [T]) {
        let channels = self.geometry.output[0] / self.geometry.groups;
        for group in 0..self.geometry.groups {
            let (mut channel, end) = (group * channels, (group + 1) * channels);
            while channel < end {
                channel += match end - channel {
                    6.. => self.all_places::<S, 6>(simd, group, channel, output),
                    4.. => self.all_places::<S, 4>(simd, group, channel, output),
                    2.. => self.all_places::<S, 2>(simd, group, channel, output),
                    _ => self.all_places::<S, 1>(simd, group, channel, output),
                };
            }
        }
    }

    /// `M` channels of all outputs; says `M`.
    #[inline(always)]
    fn all_places<S: Simd, const M: usize>(&self, simd: S, group: usize, channel: usize, output: &mut [T]) -> usize {
        let mut place = 0;
        while place + 1 < self.places.count {
            self.tile::<S, M, 2>(simd, group, channel, place, output);
            place += 2;
        }
        if place < self.places.count {
            self.tile::<S, M, 1>(simd, group, channel, place, output);
        }
        M
    }

    /// `M` channels of the outputs in `V` vectors.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const V: usize>(
        &self,
        simd: S,
        group: usize,
        channel: usize,
        place: usize,
        output: &mut [T],
    ) {
        let Geometry { image: [channels, ..], output: [_, rows, columns], window, groups } = self.geometry;
        let (layout, lanes, fan_in) = (self.geometry.layout(), T::count::<S>(), self.geometry.fan_in());
        let kernel_rows = window.kernel[0];
        let mut starts = [0; V];
        unroll!(v < V, {
            let [row, column] = self.places.at(place + v);
            starts[v] = row * window.stride[0] * layout.row + column;
        });
        let mut weights = [self.weight; M];
        unroll!(m < M, { weights[m] = &self.weight[(channel + m) * fan_in..][..fan_in] });
        let mut sums = [[T::splat(simd, T::ZERO); V]; M];
        let mut weight = 0;
        for input in group * (channels / groups)..(group + 1) * (channels / groups) {
            for kernel_row in 0..kernel_rows {
                let image = &self.image[input * layout.channel + kernel_row * window.dilation[0] * layout.row..];
                for offset in self.geometry.offsets() {
                    let mut x = [T::splat(simd, T::ZERO); V];
                    unroll!(v < V, { x[v] = T::split::<S>(&image[starts[v] + offset..][..lanes]).0[0] });
                    unroll!(m < M, {
                        let w = T::splat(simd, weights[m][weight]);
                        unroll!(v < V, { sums[m][v] = T::mul_add(simd, x[v], w, sums[m][v]) });
                    });
                    weight += 1;
                }
            }
        }
        unroll!(m < M, {
            let bias = T::splat(simd, self.bias.get(channel + m).copied().unwrap_or(T::ZERO));
            unroll!(v < V, {
                let [row, column] = self.places.at(place + v);
                let sum = T::plus(simd, sums[m][v], bias);
                let results = &mut output[((channel + m) * rows + row) * columns + column..][..self.places.len()];
                match T::split_mut::<S>(results) {
                    ([whole], _) => *whole = sum,
                    (_, part) => T::store(simd, part, sum),
                }
            });
        });
    }
}
