use constgrad::network;

network! {
    pub struct Gate(x: [3], y: [3]) -> [3] { x * y }
}

network! {
    pub struct Outer(x: [3]) -> [3] {
        x.net::<Gate>()
    }
}

fn main() {}
