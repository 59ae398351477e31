//! Chooses the instruction set, and divides large work between threads.
//!
//! Each thread computes results of its own, in the order in which one thread would: the bits are the same for any number.

#[cfg(target_arch = "x86_64")]
use pulp::Simd;
use pulp::{Arch, WithSimd};

use crate::threads;

/// Work that is compiled for several instruction sets.
///
/// A method of the work is compiled beside what it is a method of, and so apart from other work: as a function here, all
/// kernels were one unit of the compiler's, and nothing ran beside it (19 instead of 14 s for this crate on 2 cores).
pub(crate) trait Dispatch: WithSimd + Sized {
    /// Does the work with the widest vectors there are.
    #[inline]
    fn wide(self) -> Self::Output {
        Arch::new().dispatch(self)
    }

    /// Does the work with vectors of at most 256 bits: formulas are many and long and mostly wait for memory, and copies of
    /// them for wider ones took a quarter of the time in which this crate compiles.
    #[inline]
    fn narrow(self) -> Self::Output {
        #[cfg(target_arch = "x86_64")]
        return match pulp::x86::V3::try_new() {
            Some(simd) => Simd::vectorize(simd, self),
            None => Simd::vectorize(pulp::Scalar, self),
        };
        #[cfg(not(target_arch = "x86_64"))]
        self.wide()
    }
}

impl<W: WithSimd> Dispatch for W {}

/// Work whose results can be computed in independent parts.
pub(crate) trait Split: WithSimd<Output = ()> + Send + Sized {
    /// Whether vectors of 512 bits are worth a copy of the code for them.
    const WIDE: bool;

    /// Whether this work is large enough for them.
    fn is_wide(&self) -> bool {
        Self::WIDE
    }

    /// How much work it is, in multiply-adds.
    fn cost(&self) -> usize;

    /// How many parts there can be.
    fn parts(&self) -> usize;

    /// The first `parts`, and the rest.
    fn split(self, parts: usize) -> (Self, Self);
}

/// Does `work`, on several threads where that pays.
#[inline]
pub(crate) fn run(work: impl Split) {
    match threads::available(work.cost()) {
        1 => on_this_thread(work),
        threads => {
            let threads = threads.min(work.parts());
            run_on(work, threads);
        }
    }
}

/// Does `work` on so many threads.
pub(crate) fn run_on<W: Split>(work: W, threads: usize) {
    let divide = |work: W, some, all| {
        let parts = work.parts() * some / all;
        work.split(parts)
    };
    threads::share(work, threads, &divide, &on_this_thread);
}

#[inline]
fn on_this_thread<W: Split>(work: W) {
    if const { W::WIDE } && work.is_wide() { work.wide() } else { work.narrow() }
}
