use constgrad::network;

network! {
    pub struct Sum<const D: usize, const E: usize>(x: [D], y: [E]) -> [D] {
        x + y.relu()
    }
}

fn main() {}
