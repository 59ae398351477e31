use constgrad::network;

network! {
    pub struct Net<const Columns: usize>(x: [Columns]) -> [10] { x.affine(10) }
}

fn main() {}
