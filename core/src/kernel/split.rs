//! Chooses the instruction set, and with the feature `rayon` splits large work between threads.
//!
//! Each thread computes results of its own, in the order in which one thread would: the bits are the same for any number.

use pulp::{Arch, WithSimd};

/// Work whose results can be computed in independent parts.
#[cfg_attr(not(feature = "rayon"), expect(dead_code, reason = "one thread does all"))]
pub(super) trait Split: WithSimd<Output = ()> + Send + Sized {
    /// How much work it is, in multiply-adds.
    fn cost(&self) -> usize;

    /// How many parts there can be.
    fn parts(&self) -> usize;

    /// The first `parts`, and the rest.
    fn split(self, parts: usize) -> (Self, Self);
}

/// Does `work`, on several threads where that pays.
pub(super) fn run(work: impl Split) {
    #[cfg(feature = "rayon")]
    {
        let threads = threads::worth(work.cost()).min(work.parts());
        threads::run(work, threads);
    }
    #[cfg(not(feature = "rayon"))]
    Arch::new().dispatch(work);
}

#[cfg(feature = "rayon")]
pub(super) mod threads {
    use core::hint::spin_loop;
    use core::sync::atomic::{AtomicBool, Ordering};

    use super::{Arch, Split};

    /// The work that pays for a thread, in multiply-adds: some 5 µs of it, what it takes to wake one.
    const WORTH: usize = 1 << 18;

    /// How often a thread looks whether another is done before it goes to sleep: some 10 µs, longer than most waits, and not
    /// so long that the other cannot be done because it has no processor.
    const SPINS: usize = 1 << 9;

    /// The number of threads for work of this cost. Small work does not even start them.
    pub(in crate::kernel) fn worth(cost: usize) -> usize {
        match cost / WORTH {
            0 | 1 => 1,
            threads => threads.min(rayon::current_num_threads()),
        }
    }

    /// Does `work` on so many threads.
    pub(in crate::kernel) fn run(work: impl Split, threads: usize) {
        if threads <= 1 {
            Arch::new().dispatch(work);
            return;
        }
        let some = threads / 2;
        let parts = work.parts() * some / threads;
        let (first, rest) = work.split(parts);
        join(|| run(first, some), || run(rest, threads - some));
    }

    /// Does `here` on this thread, and `there` on another if one is free.
    ///
    /// `rayon::join` alone would send a thread that is not rayon's to sleep until rayon has done both.
    fn join(here: impl FnOnce() + Send, there: impl FnOnce() + Send) {
        if rayon::current_thread_index().is_some() {
            rayon::join(here, there);
            return;
        }
        let is_done = AtomicBool::new(false);
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| {
                there();
                is_done.store(true, Ordering::Release);
            });
            here();
            for _ in 0..SPINS {
                if is_done.load(Ordering::Acquire) {
                    break;
                }
                spin_loop();
            }
        });
    }
}
