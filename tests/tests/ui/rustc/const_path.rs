use constgrad::network;

const HIDDEN: usize = 32;
const CLASSES: usize = 10;

network! {
    pub struct Deep(x: [784]) -> [CLASSES] {
        x.affine(2 * HIDDEN).relu().affine(HIDDEN - 20)
    }
}

fn main() {}
