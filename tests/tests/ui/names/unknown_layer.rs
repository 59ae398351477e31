use constgrad::network;

network! {
    pub struct Classifier(x: [784]) -> [10] {
        x.afine(50).rellu().linear(10)
    }
}

fn main() {}
