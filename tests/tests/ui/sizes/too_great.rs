use constgrad::network;

network! {
    pub struct Huge(x: [5000000000], image: [70000, 70000]) -> [10] {
        concat(x, image.flatten()).affine(10)
    }
}

fn main() {}
