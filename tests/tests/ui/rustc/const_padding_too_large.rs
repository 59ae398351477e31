use constgrad::network;

const PADDING: usize = 4;

network! {
    pub struct Spread(x: [2, 6, 6]) -> [2] {
        x.conv_transpose2d(2, kernel = 2, padding = PADDING).flatten().affine(2)
    }
}

fn main() {}
