use constgrad::network;

pub const X: usize = 784;

network! {
    pub struct Net(X: [784]) -> [10] { X.affine(10) }
}

fn main() {}
