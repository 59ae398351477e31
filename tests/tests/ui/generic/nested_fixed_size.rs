use constgrad::network;

network! {
    pub struct Block<const D: usize>(x: [D]) -> [D] {
        (x + x.affine(D).relu().affine(D)).relu()
    }
}

network! {
    pub struct Stack<const D: usize>(x: [D]) -> [D] {
        x.net::<Block<64>>()
    }
}

fn main() {}
