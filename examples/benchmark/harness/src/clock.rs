use std::time::{Duration, Instant};

/// How long something is measured.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    warm_up: Duration,
    repeat: Duration,
}

/// The median of so many repeats counts.
const REPEATS: usize = 7;

impl Clock {
    /// For a step of training or inference.
    pub const STEP: Self = Self { warm_up: Duration::from_millis(400), repeat: Duration::from_millis(250) };

    /// For one product of matrices.
    pub const PRODUCT: Self = Self { warm_up: Duration::from_millis(50), repeat: Duration::from_millis(30) };

    /// The microseconds that `step` takes.
    pub fn time(self, mut step: impl FnMut()) -> f64 {
        let runs = self.repeat.as_secs_f64() / self.warm_up(&mut step);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few million at most")]
        let runs = (runs as u32).max(1);
        let mut times = [(); REPEATS].map(|()| {
            let start = Instant::now();
            (0..runs).for_each(|_| step());
            start.elapsed().as_secs_f64() * 1e6 / f64::from(runs)
        });
        times.sort_by(f64::total_cmp);
        times[REPEATS / 2]
    }

    /// The seconds that a step takes, roughly.
    fn warm_up(self, step: &mut impl FnMut()) -> f64 {
        let start = Instant::now();
        let mut runs = 0.0;
        while start.elapsed() < self.warm_up {
            step();
            runs += 1.0;
        }
        start.elapsed().as_secs_f64() / runs
    }
}

#[cfg(test)]
mod tests {
    use std::thread::sleep;

    use super::*;

    #[test]
    fn a_sleep_takes_at_least_as_long_as_it_should() {
        let clock = Clock { warm_up: Duration::from_millis(4), repeat: Duration::from_millis(4) };
        assert!(clock.time(|| sleep(Duration::from_millis(2))) >= 2000.0);
    }
}
