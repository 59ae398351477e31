//! Divides work between the threads of rayon's pool, where the feature is on; otherwise one thread does all.

pub use pool::{inside, share, take_parts};

use pool::all;

/// The work that pays for a thread, in multiply-adds: some 20 µs of it, what it takes to wake one.
pub const WORTH: usize = 1 << 20;

/// The threads that work of this cost, in multiply-adds, pays for. Small work does not even start them.
#[must_use]
pub fn available(cost: usize) -> usize {
    if cost < 2 * WORTH { 1 } else { all().min(cost / WORTH) }
}

/// Of kernels that divide work nothing is compiled: that would take a fifth of the time for this crate.
#[cfg(not(feature = "rayon"))]
mod pool {
    /// Does `work`.
    pub fn share<W>(work: W, _: usize, _: &impl Fn(W, usize, usize) -> (W, W), alone: &impl Fn(W)) {
        alone(work);
    }

    /// Does `work` in so many parts, one after the other: `divide(work, some, all)` is the work of `some` of `all` parts, and
    /// the rest.
    pub fn take_parts<W>(work: W, parts: usize, divide: &impl Fn(W, usize, usize) -> (W, W), alone: &impl Fn(W)) {
        if parts <= 1 {
            return alone(work);
        }
        let (first, rest) = divide(work, parts / 2, parts);
        take_parts(first, parts / 2, divide, alone);
        take_parts(rest, parts - parts / 2, divide, alone);
    }

    pub(super) const fn all() -> usize {
        1
    }

    /// Does `work`.
    pub fn inside<R>(_cost: usize, work: impl FnOnce() -> R) -> R {
        work()
    }
}

#[cfg(feature = "rayon")]
mod pool {
    use core::cell::Cell;
    use core::hint::spin_loop;
    use core::sync::atomic::{AtomicBool, Ordering};

    /// Work that the pool does better alone, in multiply-adds: a millisecond of it.
    const LONG: usize = 1 << 26;

    /// How often a thread looks whether another is done before it goes to sleep: longer than two that do equal work wait for
    /// each other, and not so long that the other cannot be done because it has no processor.
    const SPINS: usize = 1 << 10;

    std::thread_local! {
        /// How many threads the work of this one may be divided between: no result may depend on it, as one that waits for
        /// another takes up work from elsewhere in the meantime.
        static LIMIT: Cell<usize> = const { Cell::new(usize::MAX) };
    }

    /// Does `work` on so many threads: `divide(work, some, all)` is the share of `some` of `all` threads, and the rest.
    ///
    /// What each does may be divided between those that are left over.
    pub fn share<W: Send>(
        work: W,
        threads: usize,
        divide: &(impl Fn(W, usize, usize) -> (W, W) + Sync),
        alone: &(impl Fn(W) + Sync),
    ) {
        take_parts(work, threads, divide, alone);
    }

    /// Does `work` in so many parts, on as many threads as are free: `divide(work, some, all)` is the work of `some` of `all`
    /// parts, and the rest.
    ///
    /// How many threads there are decides what is done when, not what is done.
    pub fn take_parts<W: Send>(
        work: W,
        parts: usize,
        divide: &(impl Fn(W, usize, usize) -> (W, W) + Sync),
        alone: &(impl Fn(W) + Sync),
    ) {
        if parts <= 1 {
            alone(work);
            return;
        }
        let all = all();
        let threads = all / 2;
        let some = if threads == 0 { parts / 2 } else { (parts * threads / all).max(1) };
        let (first, rest) = divide(work, some, parts);
        if threads == 0 {
            take_parts(first, some, divide, alone);
            take_parts(rest, parts - some, divide, alone);
        } else {
            join(
                || limited(threads, || take_parts(first, some, divide, alone)),
                || limited(all - threads, || take_parts(rest, parts - some, divide, alone)),
            );
        }
    }

    /// The threads that work may be divided between.
    pub(super) fn all() -> usize {
        match LIMIT.get() {
            1 => 1,
            limit => limit.min(rayon::current_num_threads()),
        }
    }

    /// Does `work` of this cost, in the pool where it is long.
    ///
    /// A thread that is not the pool's takes part in [`share`]: with it there is one more than processors, and now and then
    /// the system lets two that work share one for some milliseconds (784-512-256-10, 1024 samples, 2 threads: 5.4 instead of
    /// 5.1 ms). To hand over costs 50 µs, too much for short work.
    pub fn inside<R: Send>(cost: usize, work: impl FnOnce() -> R + Send) -> R {
        if cost >= LONG && all() > 1 { rayon::scope(|_| work()) } else { work() }
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

    /// Does `work`, whose parts may be divided between so many threads.
    fn limited(threads: usize, work: impl FnOnce()) {
        /// Also where `work` panics: the thread goes on to do other work.
        struct Restore(usize);
        impl Drop for Restore {
            fn drop(&mut self) {
                LIMIT.set(self.0);
            }
        }
        let _restore = Restore(LIMIT.replace(threads));
        work();
    }
}
