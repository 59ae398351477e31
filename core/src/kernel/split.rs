//! Chooses the instruction set, and with the feature `rayon` splits large work between threads.
//!
//! Each thread computes results of its own, in the order in which one thread would: the bits are the same for any number.

#[cfg(target_arch = "x86_64")]
use pulp::Simd;
use pulp::{Arch, WithSimd};

/// Work whose results can be computed in independent parts.
#[cfg_attr(not(feature = "rayon"), expect(dead_code, reason = "one thread does all"))]
pub(super) trait Split: WithSimd<Output = ()> + Send + Sized {
    /// Whether vectors of 512 bits are worth a copy of the code for them.
    const WIDE: bool;

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
    on_this_thread(work);
}

fn on_this_thread<W: Split>(work: W) {
    if const { W::WIDE } {
        Arch::new().dispatch(work);
    } else {
        narrow(work);
    }
}

/// Does `work` with vectors of at most 256 bits: formulas are many and long and mostly wait for memory, and copies of them
/// for wider ones took a quarter of the time in which this crate compiles.
pub(super) fn narrow<W: WithSimd>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    return match pulp::x86::V3::try_new() {
        Some(simd) => Simd::vectorize(simd, work),
        None => Simd::vectorize(pulp::Scalar, work),
    };
    #[cfg(not(target_arch = "x86_64"))]
    Arch::new().dispatch(work)
}

/// Does `work`, of this cost in multiply-adds; other threads stay awake meanwhile to do parts of it, where that pays.
#[cfg_attr(not(feature = "rayon"), expect(unused_variables, reason = "one thread does all"))]
pub(crate) fn awake<R>(cost: usize, work: impl FnOnce() -> R) -> R {
    #[cfg(feature = "rayon")]
    return threads::awake(threads::worth(cost) - 1, work);
    #[cfg(not(feature = "rayon"))]
    work()
}

#[cfg(feature = "rayon")]
pub(super) mod threads {
    use core::hint::spin_loop;
    use core::sync::atomic::{AtomicBool, Ordering};

    use rayon::Yield;

    use super::{Split, on_this_thread};

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
            on_this_thread(work);
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

    /// How often a thread looks in vain for something to do before it gives up: some 50 µs. Were there no end to it, two
    /// that wait for each other's work could wait for ever.
    const LOOKS: usize = 1 << 10;

    /// Does `work`, while so many others look for parts of it: to wake them for each would take longer (128 x 784 x 512 x
    /// 256 x 10, a step: 2.15 instead of 2.27 ms).
    pub(in crate::kernel) fn awake<R>(others: usize, work: impl FnOnce() -> R) -> R {
        if others == 0 {
            return work();
        }
        let is_done = AtomicBool::new(false);
        rayon::in_place_scope(|scope| {
            for _ in 0..others {
                scope.spawn(|_| look_for_work(&is_done));
            }
            let result = work();
            is_done.store(true, Ordering::Release);
            result
        })
    }

    fn look_for_work(is_done: &AtomicBool) {
        let mut in_vain = 0;
        while in_vain < LOOKS && !is_done.load(Ordering::Acquire) {
            if rayon::yield_now() == Some(Yield::Executed) {
                in_vain = 0;
            } else {
                in_vain += 1;
                spin_loop();
            }
        }
    }
}
