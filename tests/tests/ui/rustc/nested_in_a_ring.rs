use constgrad::network;

network! {
    pub struct First<const D: usize>(x: [D]) -> [D] {
        let y: [D] = x.affine(D).net::<Second<D>>();
        y
    }
}

network! {
    pub struct Second<const D: usize>(x: [D]) -> [D] {
        let y: [D] = x.net::<crate::Third<D>>();
        y
    }
}

network! {
    pub struct Third<const D: usize>(x: [D]) -> [D] {
        let y: [D] = x.net::<First<D>>();
        let z: [D] = y.net::<First<D>>();
        y + z
    }
}

fn main() {}
