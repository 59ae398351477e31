use constgrad::network;

network! {
    pub struct Endless(x: [2]) -> [2] { x.net::<crate::Endless>() }
}

type Alias<T> = Frozen<T>;

network! {
    pub struct Frozen(x: [2]) -> [2] {
        #[frozen]
        let y = x.net::<Alias>();
        y
    }
}

fn main() {}
