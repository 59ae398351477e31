use constgrad::prelude::*;

network! {
    pub struct Gate(x: [3], y: [3]) -> [3] { x * y }
}

fn main() {
    Gate::<f32>::zeros().predict(&SMatrix::<f32, 3, 100>::zeros(), &SMatrix::<f32, 3, 50>::zeros());
}
