use constgrad::network;

network! {
    pub struct Mixed(image: [1, 28, 28], vector: [10]) -> [2] {
        concat(vector, image).affine(2)
    }
}

fn main() {}
