use constgrad::network;

network! {
    pub struct Block<const T: usize>(x: [T]) -> [T] {
        x.relu()
    }
}

fn main() {}
