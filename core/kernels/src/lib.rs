//! The inner loops of `constgrad`: run-time sizes, slices of contiguous scalars, vector instructions chosen at run time.
//!
//! - A [`Formula`] is applied at each place of slices that lie side by side, a [`Term`] added up over them.
//! - Everything else is a struct that says what it reads and writes, and has a method `run`: [products](product),
//!   [convolutions](conv), [windows](pool), [rows], [channels], and some more.
//!
//! Nothing here knows what it is used for. Each is compiled in this crate, once for `f32` and once for `f64`, and for every
//! instruction set that pays. The same input gives the same bits on the same machine, on any number of threads. Speeds in
//! comments were measured in `f32` on one core, Zen 3 where no other is named.

#![no_std]

#[cfg(test)]
extern crate alloc;
#[cfg(any(test, feature = "std"))]
extern crate std;

/// A loop over `0..$n`, at most 8, written out: LLVM leaves the sums of a tile in memory where it keeps a loop over them
/// (Zen 5: with a loop 33, without 230 GFLOP/s).
macro_rules! unroll {
    ($i:ident < $n:ident, $body:block) => {
        unroll!($i < $n, $body, 0 1 2 3 4 5 6 7)
    };
    ($i:ident < $n:ident, $body:block, $($index:literal)*) => {
        $(
            let $i = $index;
            if $i < $n $body
        )*
    };
}

/// The method `run` of a struct, which does its work as `$do` says, compiled here for both scalar types.
macro_rules! runs {
    ($name:ident, $work:ident => $do:expr) => {
        impl<T: $crate::Precision> $name<'_, T> {
            /// Computes it.
            ///
            /// # Panics
            /// If the lengths of the slices do not fit each other.
            pub fn run(self) {
                enum Compiled {}

                impl $crate::Work for Compiled {
                    type Of<'a, T: 'a> = $name<'a, T>;

                    fn on_f32($work: $name<'_, f32>) {
                        $do;
                    }

                    fn on_f64($work: $name<'_, f64>) {
                        $do;
                    }
                }

                T::run::<Compiled>(self);
            }
        }
    };
}

/// The methods through which a formula of `R` and `W` slices is compiled here.
macro_rules! compiled {
    ($r:literal, $w:literal) => {
        fn map_f32(self, read: [&[f32]; $r], written: [&mut [f32]; $w]) {
            self.map(read, written);
        }

        fn map_f64(self, read: [&[f64]; $r], written: [&mut [f64]; $w]) {
            self.map(read, written);
        }
    };
}

/// A struct whose work is an `#[inline(always)]` function of plain loops: the compiler makes vectors of them. A closure is
/// not always inlined into what is compiled for the instruction set, and loses it (AVX2: half the speed).
macro_rules! plain {
    (
        $(#[$doc:meta])*
        pub struct $name:ident = $function:ident { $($(#[$of_field:meta])* pub $field:ident: $type:ty,)* }
    ) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name<'a, T> {
            $($(#[$of_field])* pub $field: $type),*
        }

        impl<T: $crate::simd::Real> pulp::WithSimd for $name<'_, T> {
            type Output = ();

            #[inline(always)]
            fn with_simd<S: pulp::Simd>(self, _: S) {
                $function($(self.$field),*);
            }
        }

        runs!($name, work => $crate::work::Dispatch::narrow(work));
    };
}

pub mod bytes;
pub mod channels;
pub mod conv;
pub mod cross_entropy;
pub mod formula;
mod math;
pub mod pool;
mod precision;
mod prefetch;
pub mod product;
pub mod random;
pub mod resize;
pub mod rows;
mod simd;
pub mod softmax;
mod term;
#[cfg(test)]
mod tests;
pub mod threads;
mod total;
pub mod window;
mod work;

pub use pulp::Simd;

pub use formula::Formula;
pub use precision::{Precision, Work};
pub use prefetch::prefetch;
pub use simd::{Mask, Real, Vector};
pub use term::Term;
pub use total::sum_and_rest;

/// What is done to results while they are in the cache, some at a time.
pub type Epilogue<'a, T> = &'a (dyn Fn(&mut [T]) + Sync);
