//! Whole expansions, in `macros/snapshots/`: readable, and reviewed when they change.
//! `BLESS=1 cargo test -p constgrad-macros` writes them anew.

use std::collections::BTreeSet;
use std::path::Path;

use quote::quote;
use syn::visit::{self, Visit};

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

/// The names that implementations bind, and those that are kept free for them.
#[derive(Default)]
struct Names {
    bound: BTreeSet<String>,
    free: BTreeSet<String>,
}

impl<'a> Visit<'a> for Names {
    fn visit_pat_ident(&mut self, pattern: &'a syn::PatIdent) {
        self.bound.insert(pattern.ident.to_string());
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_use_rename(&mut self, rename: &'a syn::UseRename) {
        self.free.insert(rename.rename.to_string());
    }
}

#[test]
fn every_name_that_is_bound_is_kept_free() {
    let expansion = expand(quote! {
        (::constgrad)
        #[loss(softmax_cross_entropy)]
        #[random]
        struct Net<const D: usize>(x: [D], text: [usize; 4], r#type: [1, 8, 8]) -> [6] {
            let (early, _late) = text.embedding(5, 6).split([2, 2]);
            #[frozen]
            let seen = r#type.conv2d(2, kernel = 3).relu().flatten().affine(6);
            let inner: [6] = x.net::<Wide<D>>();
            let again = seen.dropout(rate = RATE) + inner.affine(6).shared(affine2) + x.affine(6);
            concat(early, _late).last() * again
        }
    });
    assert!(!expansion.to_string().contains("compile_error"));
    let mut names = Names::default();
    names.visit_file(&syn::parse2(expansion).expect("an expansion is code"));
    assert!(names.bound.len() > 40, "{:?}", names.bound);
    let taken: Vec<_> = names.bound.difference(&names.free).filter(|name| !name.starts_with("__")).collect();
    assert!(taken.is_empty(), "{taken:?}");
}

#[test]
fn a_method_says_when_it_panics() {
    let panics = |declaration| {
        let expansion = expand(quote!((::constgrad) #declaration)).to_string();
        let predict = expansion.find("fn predict").expect("there is one");
        expansion[..predict].rsplit_once("# Panics").map(|(_, reasons)| reasons.to_owned())
    };
    assert_eq!(panics(quote!(struct Plain(x: [3]) -> [3] { x.relu() })), None);
    let words = panics(quote!(struct Words(text: [usize; 4]) -> [4, 3] { text.embedding(5, 3) }));
    assert!(words.is_some_and(|reasons| reasons.contains("\" If an index does not exist.\"")));
    let pair = panics(quote!(struct Pair(x: [3], y: [3]) -> [3] { x + y }));
    assert!(pair.is_some_and(|reasons| reasons.contains("\" If the inputs differ in their number of samples.\"")));
}

#[test]
fn a_bias_that_is_left_out_is_not_counted() {
    let expansion = expand(quote! {
        (::constgrad)
        struct Plain<const D: usize>(x: [784], image: [2, 8, 8], y: [D]) -> [10] {
            let seen = image.conv2d(6, kernel = 3, bias = false).conv_transpose2d(4, kernel = 2, bias = false);
            let hidden = x.affine(50, bias = false);
            concat(seen.flatten(), hidden, y.affine(3, bias = false)).affine(10)
        }
    });
    let docs = expansion.to_string();
    for row in
        ["`conv1` | `conv2d` | `[6, 6, 6]` | `108`", "`[4, 7, 7]` | `96`", "`[50]` | `39200`", "`[3]` | `(D) * (3)`"]
    {
        assert!(docs.contains(row), "{row} is not in {docs}");
    }
}
