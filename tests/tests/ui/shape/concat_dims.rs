use constgrad::network;

network! {
    pub struct Mixed(left: [3, 28, 28], right: [1, 14, 14]) -> [2] {
        concat(left, right).flatten().affine(2)
    }
}

fn main() {}
