//! Declarations that have to compile, each with its generated gradient test: every way to write a size, a type, a name,
//! and networks made of networks.
#![allow(missing_docs, unreachable_pub, reason = "they are declared, not used")]

use constgrad::network;

mod sizes {
    pub const W: usize = 3;
    pub const H: usize = 2;
    pub mod deep {
        pub const K: usize = 6;
    }
}

const X: usize = 4;

mod blocks {
    use constgrad::network;

    network! {
        pub(in crate::blocks) struct Hidden(x: [2]) -> [2] { x.relu() }
    }

    network! {
        pub struct Wide<const D: usize>(x: [D]) -> [8] { x.affine(8) }
    }
}

network! {
    pub struct Identity(x: [3]) -> [3] { x }
}

network! {
    pub struct Alias(x: [3]) -> [3] {
        let y = x;
        y + x
    }
}

network! {
    pub struct Flat(x: [sizes::H, sizes::W]) -> [sizes::deep::K] { x.flatten() }
}

network! {
    pub struct AscribedFlat(x: [sizes::H, sizes::W]) -> [6] {
        let y: [6] = x.flatten();
        y
    }
}

network! {
    pub struct Inner<const D: usize>(x: [D]) -> [D] { x.affine(D).relu() }
}

network! {
    #[loss(mean_squared_error)]
    pub struct Generic<const D: usize, const E: usize>(x: [D], r#type: [E]) -> [D] {
        let a: [D] = x.net::<Inner<D>>();
        let b: [8] = r#type.net::<blocks::Wide<E>>();
        a + b.affine(D)
    }
}

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Shared(x: [crate::X], y: [self::X]) -> [3] {
        let joined = concat(x, y, x);
        let narrow = joined.affine(X).softmax();
        (concat(narrow, narrow * narrow) - joined.affine(2 * X)).affine(3)
    }
}

network! {
    pub struct Chain(x: [3]) -> [8] {
        let middle = x.net::<Alias>().net::<Identity>();
        middle.net::<blocks::Wide<3>>().net::<Inner<8>>().flatten().softmax()
    }
}

network! {
    pub struct Triple(x: [4]) -> [12] { concat(x, x, x) }
}

network! {
    pub struct ThroughImages(x: [2, 3]) -> [12] {
        x.net::<Flat>().affine(4).flatten().net::<Triple>().relu().flatten()
    }
}

network! {
    #[no_gradient_test]
    pub struct ManyInputs(a: [1], b: [1], c: [1], d: [1], e: [1], f: [1], g: [1], h: [1]) -> [1] {
        a + b + c + d + e + f + g + h
    }
}
