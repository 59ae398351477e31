use constgrad::network;

network! {
    pub struct Image<const C: usize>(x: [C, 28, 28]) -> [10] {
        x.flatten().affine(10)
    }
}

fn main() {}
