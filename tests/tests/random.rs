//! Random networks, each with the test of its gradients: `build.rs` writes them, and says how to have the same again.
#![allow(missing_docs, reason = "nobody reads the documentation of a random network")]

use constgrad::{GradCheck, network};

/// Prints the network where its test fails.
struct OnFailure {
    declaration: &'static str,
    seed: &'static str,
}

impl Drop for OnFailure {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("of {}:\n{}", self.seed, self.declaration);
        }
    }
}

fn check<N: GradCheck>(declaration: &'static str, seed: &'static str) {
    let _declared = OnFailure { declaration, seed };
    N::grad_check_random(0).assert_ok();
}

network! {
    /// A residual block, used by the others.
    struct Block<const D: usize>(x: [D]) -> [D] {
        (x + x.affine(D).gelu().affine(D)).tanh()
    }
}

include!(concat!(env!("OUT_DIR"), "/networks.rs"));
