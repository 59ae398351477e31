//! Tests of constgrad from outside: see `tests/`.
//!
//! This library holds, for any compiler, that what must not compile does not: its words are compared in `tests/ui.rs`,
//! on the release of which the project records them.

#[cfg(doctest)]
include!(concat!(env!("OUT_DIR"), "/cases.rs"));

/// The code in the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}
