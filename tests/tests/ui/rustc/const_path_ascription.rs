use constgrad::network;

const HIDDEN: usize = 32;

network! {
    pub struct Deep(x: [784]) -> [10] {
        let hidden: [HIDDEN] = x.affine(50);
        hidden.affine(10)
    }
}

fn main() {}
