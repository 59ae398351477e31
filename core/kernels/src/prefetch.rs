//! What will be read soon, on its way to the cache.

/// Asks for the cache lines of `slice`, and waits for none of them.
#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
pub fn prefetch<T>(slice: &[T]) {
    use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

    /// The bytes of a cache line.
    const LINE: usize = 64;

    let start = slice.as_ptr().cast::<i8>();
    for offset in (0..size_of_val(slice)).step_by(LINE) {
        // SAFETY: every x86-64 processor has the instruction, and it reads nothing, wherever the pointer points.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(offset)) }
    }
}

/// There is nothing to ask with on stable Rust.
#[cfg(not(target_arch = "x86_64"))]
pub const fn prefetch<T>(_: &[T]) {}
