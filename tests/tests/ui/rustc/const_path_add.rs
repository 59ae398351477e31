use constgrad::network;

const HIDDEN: usize = 32;

network! {
    pub struct Deep(x: [784]) -> [10] {
        (x.affine(HIDDEN) + x.affine(2 * HIDDEN)).affine(10)
    }
}

fn main() {}
