use constgrad::network;

network! {
    #[loss(huber(2.0))]
    pub struct Regressor(x: [784]) -> [1] {
        x.affine(1)
    }
}

fn main() {}
