use constgrad::network;

network! {
    pub struct Mixed(image: [1, 28, 28], vector: [784]) -> [784] {
        vector + image
    }
}

fn main() {}
