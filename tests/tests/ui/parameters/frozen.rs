//! What is frozen is a `let` with parameters.

use constgrad::prelude::*;

network! {
    struct Nothing(x: [8]) -> [4] {
        #[frozen]
        let active = x.relu();
        active.affine(4)
    }
}

network! {
    struct Last(x: [8]) -> [4] {
        let active = x.relu();
        #[frozen]
        active.affine(4)
    }
}

network! {
    struct Other(x: [8]) -> [4] {
        #[freeze]
        let active = x.affine(8).relu();
        active.affine(4)
    }
}

network! {
    struct Arguments(x: [8]) -> [4] {
        #[frozen(weight)]
        let active = x.affine(8).relu();
        active.affine(4)
    }
}

fn main() {}
