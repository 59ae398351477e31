use constgrad::network;

network! {
    pub struct Difference(x: [3], y: [4]) -> [3] {
        x - y.relu()
    }
}

fn main() {}
