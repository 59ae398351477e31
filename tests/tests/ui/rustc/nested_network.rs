use constgrad::network;

network! {
    pub struct Block<const D: usize>(x: [D]) -> [D] {
        (x + x.affine(D).relu().affine(D)).relu()
    }
}

network! {
    pub struct Deep(x: [784]) -> [10] {
        x.affine(128).net::<Block<64>>().affine(10)
    }
}

fn main() {}
