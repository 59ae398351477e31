use constgrad::network;

network! {
    pub struct Net(x: [784]) -> [10] { x.affine(HIDDEN).affine(10) }
}

fn main() {}
