//! Random networks, each with its generated gradient test: `build.rs` writes them.
#![allow(missing_docs, reason = "nobody reads the documentation of a random network")]

use constgrad::network;

network! {
    /// A residual block, used by the others.
    struct Block<const D: usize>(x: [D]) -> [D] {
        (x + x.affine(D).gelu().affine(D)).tanh()
    }
}

include!(concat!(env!("OUT_DIR"), "/networks.rs"));
