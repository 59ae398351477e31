use constgrad::network;

network! {
    pub struct Net(x: [10]) -> [10] {
        let (a, b) = x.relu();
        a + b
    }
}

fn main() {}
