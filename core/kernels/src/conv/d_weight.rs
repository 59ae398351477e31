use pulp::{Simd, WithSimd};

use super::layout::{Geometry, LISTED, Place, Places};
use super::reduce::{has_vectors, load};
use crate::product::store_sums;
use crate::simd::Lanes;
use crate::total::{BLOCK, PlaceTotals};
use crate::work::Split;

/// The gradient of the weights: `Σ d_output · window` over outputs and samples.
///
/// A tile of 3 channels by 4 scalars of the kernel keeps its sums in registers, a vector each, over a block of samples that
/// stays in the second cache; then the lanes are summed. What some blocks add up to goes to totals by place, as in all sums
/// over many samples.
#[derive(Debug)]
pub struct ConvolutionWeightGradient<'a, T> {
    /// What the windows slide over: images, or the copies that the forward pass made.
    pub images: &'a [T],
    /// The gradient of the output.
    pub d_output: &'a [T],
    /// Those of the channels from `first` on.
    pub d_weight: &'a mut [T],
    /// The channel of the output that `d_weight` begins with: 0 for all.
    pub first: usize,
    /// Sizes and window.
    pub geometry: Geometry,
    /// Twice as long as `d_weight`.
    pub room: &'a mut [T],
}

impl<T: Lanes> WithSimd for ConvolutionWeightGradient<'_, T> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { images, d_output, d_weight, first, geometry, room } = self;
        d_weight.fill(T::ZERO);
        let mut places = Places::new(geometry, T::count::<S>());
        let masks = places.masks::<T, S>(simd);
        let block = places.samples_together::<T>();
        let (image, result) = (geometry.layout().sample, geometry.output.iter().product::<usize>());
        let samples = d_output.len() / result;
        let is_long = places.count(samples) > BLOCK * LISTED;
        // In blocks a step of LeNet takes 3 % longer, so they are for sums that need them.
        let together = if is_long { 2 * BLOCK } else { LISTED };
        let (mut totals, mut added) = (is_long.then(|| PlaceTotals::new(room)), 0);
        for (images, d_output) in images.chunks(block * image).zip(d_output.chunks(block * result)) {
            let samples = d_output.len() / result;
            for start in (0..places.count(samples)).step_by(LISTED) {
                let places = places.list(start, samples);
                Block { geometry, places, images, d_output, first, together }.add(simd, masks, d_weight);
                added += 1;
                if let Some(totals) = totals.as_mut().filter(|_| added % BLOCK == 0) {
                    totals.take(d_weight);
                }
            }
        }
        if let Some(mut totals) = totals {
            totals.take(d_weight);
            totals.write(d_weight);
        }
    }
}

/// In channels of the output.
impl<T: Lanes> Split for ConvolutionWeightGradient<'_, T> {
    const WIDE: bool = false;

    fn cost(&self) -> usize {
        self.d_output.len() / self.geometry.output[0] * self.d_weight.len()
    }

    fn parts(&self) -> usize {
        self.d_weight.len() / self.geometry.fan_in()
    }

    fn split(self, channels: usize) -> (Self, Self) {
        let weights = channels * self.geometry.fan_in();
        let (d_weight, others) = self.d_weight.split_at_mut(weights);
        let (room, other_room) = self.room.split_at_mut(2 * weights);
        let first = self.first + channels;
        (Self { d_weight, room, ..self }, Self { d_weight: others, room: other_room, first, ..self })
    }
}

/// Vectors of outputs of samples that pass together.
struct Block<'a, T> {
    geometry: Geometry,
    places: &'a [Place],
    images: &'a [T],
    d_output: &'a [T],
    first: usize,
    /// The places whose products are added one after the other.
    together: usize,
}

impl<T: Lanes> Block<'_, T> {
    #[inline(always)]
    fn add<S: Simd>(&self, simd: S, masks: [T::Lanes<S>; 2], d_weight: &mut [T]) {
        let fan_in = self.geometry.fan_in();
        let of_group = self.geometry.output[0] / self.geometry.groups;
        let (mut channel, end) = (self.first, self.first + d_weight.len() / fan_in);
        while channel < end {
            let d_weight = &mut d_weight[(channel - self.first) * fan_in..];
            // The channels of a tile see the same channels of the image.
            channel += match (of_group - channel % of_group).min(end - channel) {
                3.. if has_vectors::<T, S>() => self.all_weights::<S, 3>(simd, masks, channel, d_weight),
                _ => self.all_weights::<S, 1>(simd, masks, channel, d_weight),
            };
        }
    }

    /// All weights of `M` channels; says `M`.
    #[inline(always)]
    fn all_weights<S: Simd, const M: usize>(
        &self,
        simd: S,
        masks: [T::Lanes<S>; 2],
        channel: usize,
        d_weight: &mut [T],
    ) -> usize {
        let fan_in = self.geometry.fan_in();
        let mut weight = 0;
        while weight < fan_in {
            weight += match fan_in - weight {
                4.. => self.tile::<S, M, 4>(simd, masks, channel, weight, d_weight),
                _ => self.tile::<S, M, 1>(simd, masks, channel, weight, d_weight),
            };
        }
        M
    }

    /// `N` weights of `M` channels; says `N`.
    #[inline(always)]
    fn tile<S: Simd, const M: usize, const N: usize>(
        &self,
        simd: S,
        masks: [T::Lanes<S>; 2],
        channel: usize,
        weight: usize,
        d_weight: &mut [T],
    ) -> usize {
        let Geometry { image: [channels, ..], output: [outputs, rows, columns], groups, .. } = self.geometry;
        let (layout, fan_in, plane) = (self.geometry.layout(), self.geometry.fan_in(), rows * columns);
        let first = channel / (outputs / groups) * (channels / groups) * layout.channel;
        let (mut images, mut d_outputs) = ([self.images; N], [self.d_output; M]);
        let mut offsets = self.geometry.offsets(weight);
        unroll!(n < N, { images[n] = &self.images[first + offsets.next().unwrap_or(0)..] });
        unroll!(m < M, { d_outputs[m] = &self.d_output[(channel + m) * plane..] });
        // Behind the last scalars there is no whole vector to be loaded.
        let lanes = T::count::<S>();
        let [image_end, d_output_end] = [shortest(&images), shortest(&d_outputs)];
        let is_inside = |at: &Place| at.image + lanes <= image_end && at.output + lanes <= d_output_end;
        let (inside, at_the_end) = self.places.split_at(self.places.partition_point(is_inside));
        let zeros = [[T::splat(simd, T::ZERO); N]; M];
        let mut sums = zeros;
        // Says to the compiler that all have one length.
        unroll!(n < N, { images[n] = &images[n][..image_end] });
        unroll!(m < M, { d_outputs[m] = &d_outputs[m][..d_output_end] });
        for inside in inside.chunks(self.together) {
            let mut some = zeros;
            for at in inside {
                let mask = masks[usize::from(at.is_last)];
                let mut d = [T::splat(simd, T::ZERO); M];
                unroll!(m < M, { d[m] = T::and(simd, mask, T::split::<S>(&d_outputs[m][at.output..][..lanes]).0[0]) });
                unroll!(n < N, {
                    let x = T::split::<S>(&images[n][at.image..][..lanes]).0[0];
                    unroll!(m < M, { some[m][n] = T::mul_add(simd, d[m], x, some[m][n]) });
                });
            }
            for m in 0..M {
                for n in 0..N {
                    sums[m][n] = T::plus(simd, sums[m][n], some[m][n]);
                }
            }
        }
        if !at_the_end.is_empty() {
            for (m, sums) in sums.iter_mut().enumerate() {
                let d_output = &self.d_output[(channel + m) * plane..];
                for (sum, offset) in sums.iter_mut().zip(self.geometry.offsets(weight)) {
                    let image = &self.images[first + offset..];
                    for at in at_the_end {
                        let d = T::and(simd, masks[usize::from(at.is_last)], load(simd, d_output, at.output));
                        *sum = T::mul_add(simd, d, load(simd, image, at.image), *sum);
                    }
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

/// The length of the shortest.
#[inline(always)]
fn shortest<T, const N: usize>(slices: &[&[T]; N]) -> usize {
    slices.iter().fold(usize::MAX, |len, slice| len.min(slice.len()))
}
