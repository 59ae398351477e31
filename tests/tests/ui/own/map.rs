use constgrad::prelude::*;

network! {
    pub struct Of(x: [4]) -> [2] {
        x.affine(2).map(0.5)
    }
}

network! {
    pub struct Nothing(x: [4]) -> [2] {
        x.affine(2).map()
    }
}

network! {
    pub struct Closure(x: [4]) -> [2] {
        x.affine(2).map(|x| x)
    }
}

fn main() {}
