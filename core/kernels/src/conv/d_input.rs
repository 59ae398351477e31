use pulp::{Simd, WithSimd};

use super::layout::{Geometry, LISTED, Place, Places};
use super::reduce::{DEPTH, Terms, has_vectors, load, store};
use crate::simd::Lanes;
use crate::work::Split;

/// The gradient of the image: what each output sends to its window.
///
/// For one scalar of the kernel, a tile of 6 channels of the image by 2 vectors of outputs keeps its sums over the channels of
/// the output in registers, and then adds them where that scalar lies.
#[derive(Debug)]
pub struct ConvolutionInputGradient<'a, T> {
    /// A kernel for each channel of the output.
    pub weight: &'a [T],
    /// The gradient of the output.
    pub d_output: &'a [T],
    /// For the gradients of the copies that windows slide over, as much a sample as the geometry says.
    pub room: &'a mut [T],
    /// What is computed.
    pub d_input: &'a mut [T],
    /// Sizes and window.
    pub geometry: Geometry,
}

impl<T: Lanes> WithSimd for ConvolutionInputGradient<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { weight, d_output, room, d_input, geometry } = self;
        let (mut places, mut terms) = (Places::new(geometry, T::count::<S>()), Terms::new());
        let masks = places.masks::<T, S>(simd);
        let d_images = if geometry.room() == 0 { &mut *d_input } else { &mut *room };
        d_images.fill(T::ZERO);
        let block = places.samples_together::<T>();
        let (image, result) = (geometry.layout().sample, geometry.output.iter().product::<usize>());
        for (d_images, d_output) in d_images.chunks_mut(block * image).zip(d_output.chunks(block * result)) {
            let samples = d_output.len() / result;
            for start in (0..places.count(samples)).step_by(LISTED) {
                let places = places.list(start, samples);
                Block { geometry, places, weight, d_output }.add(simd, masks, d_images, &mut terms);
            }
        }
        if geometry.room() > 0 {
            let d_images = d_input.chunks_exact_mut(geometry.image.iter().product());
            for (d_image, copy) in d_images.zip(room.chunks_exact(geometry.room())) {
                geometry.copy_back(copy, d_image);
            }
        }
    }
}

/// In samples.
impl<T: Lanes> Split for ConvolutionInputGradient<'_, T> {
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
            Self { d_output, room, d_input, ..self },
            Self { d_output: other_d_output, room: other_room, d_input: other_d_input, ..self },
        )
    }
}

/// Vectors of outputs of samples that pass together.
struct Block<'a, T> {
    geometry: Geometry,
    places: &'a [Place],
    weight: &'a [T],
    d_output: &'a [T],
}

impl<T: Lanes> Block<'_, T> {
    #[inline(always)]
    fn add<S: Simd>(&self, simd: S, masks: [T::Lanes<S>; 2], d_images: &mut [T], terms: &mut Terms<T>) {
        let Geometry { image: [channels, ..], groups, .. } = self.geometry;
        let channels = channels / groups;
        for group in 0..groups {
            let mut channel = 0;
            while channel < channels {
                channel += match channels - channel {
                    6.. if has_vectors::<T, S>() => {
                        self.all_scalars::<S, 6>(simd, masks, group, channel, d_images, terms)
                    }
                    4.. if has_vectors::<T, S>() => {
                        self.all_scalars::<S, 4>(simd, masks, group, channel, d_images, terms)
                    }
                    2.. if has_vectors::<T, S>() => {
                        self.all_scalars::<S, 2>(simd, masks, group, channel, d_images, terms)
                    }
                    _ => self.all_scalars::<S, 1>(simd, masks, group, channel, d_images, terms),
                };
            }
        }
    }

    /// To `M` channels of a group by all scalars of the kernel; says `M`.
    #[inline(always)]
    fn all_scalars<S: Simd, const M: usize>(
        &self,
        simd: S,
        masks: [T::Lanes<S>; 2],
        group: usize,
        channel: usize,
        d_images: &mut [T],
        terms: &mut Terms<T>,
    ) -> usize {
        let Geometry { image: [channels, ..], output: [outputs, rows, columns], window, groups } = self.geometry;
        let (plane, kernel, fan_in) = (rows * columns, window.kernel[0] * window.kernel[1], self.geometry.fan_in());
        let (of_group, layout) = (outputs / groups, self.geometry.layout());
        let target = (group * (channels / groups) + channel) * layout.channel;
        for start in (0..of_group).step_by(DEPTH) {
            let first = group * of_group + start;
            terms.list(DEPTH.min(of_group - start), (first..).map(|output| output * plane));
            for (scalar, offset) in self.geometry.offsets(0).take(kernel).enumerate() {
                terms.pack::<M>(&self.weight[first * fan_in + channel * kernel + scalar..], kernel, fan_in);
                let d_images = &mut d_images[target + offset..];
                let (pairs, rest) = self.places.as_chunks::<2>();
                for &places in pairs {
                    self.tile::<S, M, 2>(simd, masks, places, d_images, terms);
                }
                for &place in rest {
                    self.tile::<S, M, 1>(simd, masks, [place], d_images, terms);
                }
            }
        }
        M
    }

    /// To `M` channels from the outputs in `V` vectors, by one scalar of the kernel.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const V: usize>(
        &self,
        simd: S,
        masks: [T::Lanes<S>; 2],
        places: [Place; V],
        d_images: &mut [T],
        terms: &Terms<T>,
    ) {
        let mut starts = [0; V];
        unroll!(v < V, { starts[v] = places[v].output });
        let mut sums = [[T::splat(simd, T::ZERO); V]; M];
        terms.add::<S, M, V>(simd, self.d_output, starts, &mut sums);
        let (channel, len) = (self.geometry.layout().channel, self.geometry.outputs(T::count::<S>()));
        unroll!(v < V, {
            // What belongs to the vector before, or to no output, is not added.
            let mask = masks[usize::from(places[v].is_last)];
            unroll!(m < M, {
                let target = &mut d_images[places[v].image + m * channel..];
                let sum = T::plus(simd, load(simd, target, 0), T::and(simd, mask, sums[m][v]));
                store(simd, &mut target[..len], sum);
            });
        });
    }
}
