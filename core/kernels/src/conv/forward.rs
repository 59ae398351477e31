use pulp::{Simd, WithSimd};

use super::layout::{Geometry, LISTED, Place, Places};
use super::reduce::{DEPTH, Terms, has_vectors, load, store};
use crate::Epilogue;
use crate::simd::Lanes;
use crate::work::Split;

/// `output = epilogue(Σ weight · window + bias)`, each output.
///
/// A tile of 6 channels by 2 vectors keeps its sums in registers over the whole window.
#[expect(missing_debug_implementations, reason = "an epilogue is a closure")]
pub struct Convolution<'a, T> {
    /// Images.
    pub input: &'a [T],
    /// For the copies that windows slide over, as much a sample as the geometry says.
    pub room: &'a mut [T],
    /// A kernel for each channel of the output.
    pub weight: &'a [T],
    /// Nothing, or one a channel.
    pub bias: &'a [T],
    /// What follows at once.
    pub epilogue: Option<Epilogue<'a, T>>,
    /// Images of the output.
    pub output: &'a mut [T],
    /// Sizes and window.
    pub geometry: Geometry,
}

impl<T: Lanes> WithSimd for Convolution<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { input, room, weight, bias, epilogue, output, geometry } = self;
        let image = geometry.image.iter().product::<usize>();
        let images = if geometry.room() == 0 {
            input
        } else {
            for (image, copy) in input.chunks_exact(image).zip(room.chunks_exact_mut(geometry.room())) {
                geometry.copy(image, copy);
            }
            room
        };
        let (mut places, mut terms) = (Places::new(geometry, T::count::<S>()), Terms::new());
        let block = places.samples_together::<T>();
        let (image, result) = (geometry.layout().sample, geometry.output.iter().product::<usize>());
        for (images, output) in images.chunks(block * image).zip(output.chunks_mut(block * result)) {
            let samples = output.len() / result;
            for start in (0..places.count(samples)).step_by(LISTED) {
                let places = places.list(start, samples);
                Block { geometry, places, images, weight, bias }.compute(simd, output, &mut terms);
            }
            if let Some(epilogue) = epilogue {
                epilogue(output);
            }
        }
    }
}

/// In samples.
impl<T: Lanes> Split for Convolution<'_, T> {
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

/// Vectors of outputs of samples that pass together.
struct Block<'a, T> {
    geometry: Geometry,
    places: &'a [Place],
    images: &'a [T],
    weight: &'a [T],
    bias: &'a [T],
}

impl<T: Lanes> Block<'_, T> {
    #[inline(always)]
    fn compute<S: Simd>(&self, simd: S, output: &mut [T], terms: &mut Terms<T>) {
        let channels = self.geometry.output[0] / self.geometry.groups;
        for group in 0..self.geometry.groups {
            let (mut channel, end) = (group * channels, (group + 1) * channels);
            while channel < end {
                channel += match end - channel {
                    6.. if has_vectors::<T, S>() => self.all_places::<S, 6>(simd, group, channel, output, terms),
                    4.. if has_vectors::<T, S>() => self.all_places::<S, 4>(simd, group, channel, output, terms),
                    2.. if has_vectors::<T, S>() => self.all_places::<S, 2>(simd, group, channel, output, terms),
                    _ => self.all_places::<S, 1>(simd, group, channel, output, terms),
                };
            }
        }
    }

    /// `M` channels of all places; says `M`.
    #[inline(always)]
    fn all_places<S: Simd, const M: usize>(
        &self,
        simd: S,
        group: usize,
        channel: usize,
        output: &mut [T],
        terms: &mut Terms<T>,
    ) -> usize {
        let geometry = self.geometry;
        let (layout, fan_in) = (geometry.layout(), geometry.fan_in());
        let first = group * (geometry.image[0] / geometry.groups) * layout.channel;
        for start in (0..fan_in).step_by(DEPTH) {
            terms.list(DEPTH.min(fan_in - start), geometry.offsets(start).map(|offset| first + offset));
            terms.pack::<M>(&self.weight[channel * fan_in + start..], fan_in, 1);
            let (pairs, rest) = self.places.as_chunks::<2>();
            for &places in pairs {
                self.tile::<S, M, 2>(simd, channel, places, start > 0, output, terms);
            }
            for &place in rest {
                self.tile::<S, M, 1>(simd, channel, [place], start > 0, output, terms);
            }
        }
        M
    }

    /// `M` channels of the outputs in `V` vectors; `begun`, where other terms were added before.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const V: usize>(
        &self,
        simd: S,
        channel: usize,
        places: [Place; V],
        begun: bool,
        output: &mut [T],
        terms: &Terms<T>,
    ) {
        let [_, rows, columns] = self.geometry.output;
        let plane = rows * columns;
        let (mut starts, mut targets) = ([0; V], [0; V]);
        unroll!(v < V, { (starts[v], targets[v]) = (places[v].image, places[v].output + channel * plane) });
        let mut sums = [[T::splat(simd, T::ZERO); V]; M];
        if begun {
            unroll!(m < M, {
                unroll!(v < V, { sums[m][v] = load(simd, output, targets[v] + m * plane) });
            });
        } else if !self.bias.is_empty() {
            unroll!(m < M, { sums[m] = [T::splat(simd, self.bias[channel + m]); V] });
        }
        terms.add::<S, M, V>(simd, self.images, starts, &mut sums);
        let len = self.geometry.outputs(T::count::<S>());
        unroll!(m < M, {
            unroll!(v < V, { store(simd, &mut output[targets[v] + m * plane..][..len], sums[m][v]) });
        });
    }
}
