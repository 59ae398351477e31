//! One derivative: what back-propagation says, and what differences of the loss allow.

use crate::Scalar;

/// What differences of the loss say about a derivative that back-propagation found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The central difference of the usual step confirms it.
    Smooth,
    /// A smaller step confirms it, or it lies between two one-sided derivatives.
    Kink,
    /// Nothing confirms it here, where several kinks meet, but all that is found nearby is right.
    Undecided,
    /// Nothing confirms it.
    Wrong,
}

/// Compares `gradient`, the derivative of `loss` at 0, with differences of `loss` for steps of `scale` times the usual
/// size. The number returned is the difference that confirms it, or else the central one of the usual step.
///
/// A kink is told apart from a wrong gradient by smaller steps. On smooth ground a wrong gradient disagrees with all of
/// them, and one-sided differences close in on the right one. A step that crosses a kink misleads only until a smaller
/// one no longer does; on the kink itself one-sided differences stay apart, and anything between them is right.
pub(super) fn judge<T: Scalar>(gradient: f64, scale: f64, mut loss: impl FnMut(f64) -> f64) -> (f64, Verdict) {
    let [usual, small, smallest] = T::STEPS.map(|step| step * scale);
    let usual = Difference::new(usual, &mut loss);
    if usual.allows::<T>(usual.central(), gradient) {
        return (usual.central(), Verdict::Smooth);
    }
    let [small, smallest] = [small, smallest].map(|step| Difference::new(step, &mut loss));
    for smaller in [small, smallest] {
        if smaller.allows::<T>(smaller.central(), gradient) {
            return (smaller.central(), Verdict::Kink);
        }
    }
    let here = loss(0.0);
    let between = smallest.nearest_between_sides(here, gradient);
    // At a jump of the loss the sides move apart as the step shrinks.
    if smallest.gap(here) <= 2.0 * small.gap(here) && smallest.allows::<T>(between, gradient) {
        return (between, Verdict::Kink);
    }
    (usual.central(), Verdict::Wrong)
}

/// Whether `nearby`, derivatives around a point, are those of a single kink of `loss` at 0, each near one of its two sides, and
/// `gradient` is beyond them all. Where several kinks meet there are others, or the sides are alike.
pub(super) fn is_beside_single_kink<T: Scalar>(
    gradient: f64,
    scale: f64,
    mut loss: impl FnMut(f64) -> f64,
    nearby: &[f64],
) -> bool {
    let difference = Difference::new(T::STEPS[2] * scale, &mut loss);
    let sides = difference.sides(loss(0.0));
    let apart = (sides[1] - sides[0]).abs();
    let is_of_a_side = |derivative: &f64| sides.iter().any(|side| (derivative - side).abs() <= 0.1 * apart);
    let is_kink = !difference.allows::<T>(sides[0], sides[1]) && nearby.iter().all(is_of_a_side);
    let all = || nearby.iter().chain(&sides).copied();
    let (least, greatest) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    is_kink && !(least..=greatest).contains(&gradient)
}

/// The loss one step before and one step after the point.
#[derive(Clone, Copy)]
pub(super) struct Difference {
    step: f64,
    before: f64,
    after: f64,
}

impl Difference {
    pub(super) fn new(step: f64, loss: &mut impl FnMut(f64) -> f64) -> Self {
        Self { step, before: loss(-step), after: loss(step) }
    }

    pub(super) fn central(self) -> f64 {
        (self.after - self.before) / (2.0 * self.step)
    }

    /// The derivatives to the left and to the right of the point, where the loss is `here`.
    fn sides(self, here: f64) -> [f64; 2] {
        [(here - self.before) / self.step, (self.after - here) / self.step]
    }

    fn gap(self, here: f64) -> f64 {
        let [left, right] = self.sides(here);
        (right - left).abs()
    }

    fn nearest_between_sides(self, here: f64, gradient: f64) -> f64 {
        let [left, right] = self.sides(here);
        gradient.max(left.min(right)).min(left.max(right))
    }

    /// Whether `gradient` is `numerical`, but for rounding and curvature; a NaN or an infinity never is.
    fn allows<T: Scalar>(self, numerical: f64, gradient: f64) -> bool {
        let size =
            [gradient, numerical, self.before, self.after].iter().fold(1.0_f64, |size, value| size.max(value.abs()));
        size.is_finite() && (gradient - numerical).abs() <= T::TOLERANCE * size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(gradient: f64, loss: impl FnMut(f64) -> f64) -> Verdict {
        judge::<f64>(gradient, 1.0, loss).1
    }

    fn relu(x: f64) -> f64 {
        x.max(0.0)
    }

    #[test]
    fn smooth_ground_confirms_only_the_derivative() {
        let loss = |x: f64| (3.0 * (x + 0.2)).exp();
        let slope = 3.0 * 0.6_f64.exp();
        assert_eq!(verdict(slope, loss), Verdict::Smooth);
        for wrong in [1.01 * slope, -slope, 0.0, slope + 1e-4] {
            assert_eq!(verdict(wrong, loss), Verdict::Wrong, "{wrong}");
        }
    }

    #[test]
    fn a_sharp_bend_confirms_only_the_derivative() {
        let loss = |x: f64| (2e3 * x).sin();
        assert_eq!(verdict(2e3, loss), Verdict::Kink);
        assert_eq!(verdict(2.02e3, loss), Verdict::Wrong);
        // The derivative is 0, the curvature 2000: one-sided differences lean, but not far enough for a wrong one.
        assert_eq!(verdict(0.01, |x| 1e3 * x * x), Verdict::Wrong);
    }

    #[test]
    fn near_a_kink_only_the_derivative_is_right() {
        for distance in [3e-5, 3e-6, 3e-7] {
            for (at, slope) in [(distance, 1.0), (-distance, 0.0)] {
                let loss = |x: f64| 2.0 * relu(x + at);
                assert_eq!(verdict(2.0 * slope, loss), Verdict::Kink, "{at}");
                assert_eq!(verdict(2.0 * slope + 0.02, loss), Verdict::Wrong, "{at}");
                assert_eq!(verdict(2.0 - 2.0 * slope, loss), Verdict::Wrong, "{at}");
            }
        }
    }

    #[test]
    fn on_a_kink_all_between_the_sides_is_right() {
        for between in [-1.0, 0.0, 0.5, 1.0] {
            assert_ne!(verdict(between, f64::abs), Verdict::Wrong, "{between}");
        }
        assert_eq!(verdict(0.0, relu), Verdict::Kink);
        assert_eq!(verdict(-0.01, relu), Verdict::Wrong);
        assert_eq!(verdict(1.01, relu), Verdict::Wrong);
        assert_eq!(verdict(2.0, |x| -x.abs()), Verdict::Wrong);
    }

    #[test]
    fn a_jump_is_no_kink() {
        assert_eq!(verdict(0.0, |x| if x > 0.0 { 1.0 } else { 0.0 }), Verdict::Wrong);
    }

    #[test]
    fn what_is_not_finite_is_wrong() {
        for gradient in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(verdict(gradient, |x| x), Verdict::Wrong);
            assert_eq!(verdict(gradient, |_| gradient), Verdict::Wrong);
            assert_eq!(verdict(gradient, |x| gradient * x), Verdict::Wrong);
            assert_eq!(verdict(0.0, |x| if x == 0.0 { gradient } else { 0.5 }), Verdict::Smooth);
        }
        assert_eq!(verdict(0.5, |x| if x < 0.0 { f64::NAN } else { x }), Verdict::Wrong);
        assert_eq!(verdict(0.5, |x| if x < 0.0 { f64::NEG_INFINITY } else { x }), Verdict::Wrong);
        assert_eq!(verdict(0.5, |x| if x == 0.0 { f64::NAN } else { x }), Verdict::Wrong);
    }

    #[test]
    fn rounding_of_f32_is_forgiven() {
        let loss = |x: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "it is what an f32 network does")]
            f64::from((2.0 + (x + 0.3).sin()) as f32)
        };
        let slope = 0.3_f64.cos();
        assert_eq!(judge::<f32>(slope, 1.0, loss).1, Verdict::Smooth);
        assert_eq!(judge::<f32>(1.1 * slope, 1.0, loss).1, Verdict::Wrong);
    }
}
