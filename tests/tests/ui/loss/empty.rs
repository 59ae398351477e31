use constgrad::network;

network! {
    #[loss]
    pub struct Regressor(x: [784]) -> [1] {
        x.affine(1)
    }
}

fn main() {}
