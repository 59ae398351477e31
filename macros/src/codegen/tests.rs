//! Whole expansions, in `macros/snapshots/`: readable, and reviewed when they change.
//! `BLESS=1 cargo test -p constgrad-macros` writes them anew.

use std::path::Path;

use quote::quote;

use crate::expand::expand;

macro_rules! snapshots {
    ($($name:ident { $($declaration:tt)* })*) => {$(
        #[test]
        fn $name() {
            check(stringify!($name), quote!((::constgrad) $($declaration)*));
        }
    )*};
}

snapshots! {
    two_layer_net {
        /// The two-layer classifier of the book.
        #[loss(softmax_cross_entropy)]
        pub struct TwoLayerNet(x: [784]) -> [10] {
            x.affine(50).relu().affine(10)
        }
    }
    shopping {
        pub struct Shopping(apple: [1], apples: [1], orange: [1], oranges: [1], tax: [1]) -> [1] {
            let apple_price = apple * apples;
            let orange_price = orange * oranges;
            (apple_price + orange_price) * tax
        }
    }
    block {
        pub(crate) struct Block<const D: usize>(x: [D]) -> [D] {
            (x + x.affine(D).relu().affine(D)).relu()
        }
    }
    paths {
        #[loss(mean_squared_error)]
        struct Paths(image: [1, 2, WIDTH], side: [3]) -> [2 * WIDTH + 3] {
            concat(image.flatten(), side)
        }
    }
    reshaped_output {
        struct Tall(x: [2, 3]) -> [6] {
            (x + x).flatten()
        }
    }
    after_a_mistake {
        #[loss(softmax_cross_entropy)]
        pub struct Mistaken(x: [784]) -> [10] {
            x.affine(50).rleu().affine(10)
        }
    }
}

fn check(name: &str, declaration: proc_macro2::TokenStream) {
    let tokens = expand(declaration).to_string().replace(":: constgrad :: __private", "p");
    let file = syn::parse_file(&tokens).unwrap_or_else(|error| panic!("{error}: {tokens}"));
    let expansion = format!("use ::constgrad::__private as p;\n\n{}", prettyplease::unparse(&file));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name).with_extension("rs");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &expansion).expect("snapshots are writable");
    }
    let snapshot = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        snapshot == expansion,
        "{} differs; write it anew with BLESS=1 and look at the change:\n{expansion}",
        path.display()
    );
}
