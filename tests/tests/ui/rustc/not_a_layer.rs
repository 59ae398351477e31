use constgrad::network;

/// Not a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Double<T = f32>(T);

network! {
    pub struct Doubled(x: [784]) -> [10] {
        x.affine(50).net::<Double>().affine(10)
    }
}

fn main() {}
