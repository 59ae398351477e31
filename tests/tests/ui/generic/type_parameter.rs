use constgrad::network;

network! {
    pub struct Block<T, const N: u32>(x: [3]) -> [3] {
        x.relu()
    }
}

fn main() {}
