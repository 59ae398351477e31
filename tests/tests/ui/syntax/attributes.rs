//! Attributes stand on a network, not on its parts.

use constgrad::prelude::*;

network! {
    struct Input(x: [4], #[cfg(feature = "deep")] y: [4]) -> [2] { x.affine(2) }
}

network! {
    struct Let(x: [4]) -> [2] {
        #[cfg(feature = "deep")]
        let x1 = x.affine(4);
        x.affine(2)
    }
}

network! {
    struct Parameter<#[cfg(feature = "deep")] const D: usize>(x: [4]) -> [2] { x.affine(2) }
}

network! {
    struct Part(x: [4], y: [4]) -> [2] { concat(x, #[cfg(feature = "deep")] y).affine(2) }
}

network! {
    struct Other(#[allow(unused)] x: [4]) -> [2] { x.affine(2) }
}

network! {
    struct OtherLet(x: [4]) -> [2] {
        #[allow(unused)]
        let y = x.affine(4);
        y.affine(2)
    }
}

network! {
    /// Where its condition holds, a declaration is looked at as any other.
    #[cfg(not(feature = "deep"))]
    struct Condition(x: [4]) -> [2] { x.afine(2) }
}

fn main() {}
