//! Networks declared where a careless macro would break: under another crate name, without a prelude, under the
//! strictest lints, inside functions and other macros, with names that generated code could use itself.
#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings, missing_docs, clippy::all, clippy::pedantic)]

use ::grad::network;

/// Names that generated code could have wanted for itself.
pub mod names {
    use ::grad::network;

    network! {
        /// Its inputs are named like parameters and locals of generated functions.
        #[loss(mean_squared_error)]
        pub struct Locals(
            samples: [3], tape: [3], replay: [3], slots: [3], scratch: [3], output: [3], pass: [3], rng: [3], target: [3],
            inputs: [3], gradients: [3], cache: [3], index: [3], d_output: [3], d_inputs: [3], workspace: [3], net: [3], with_inputs: [3], is_trained: [3],
        ) -> [3] {
            let core = samples + tape + replay;
            let std = slots + scratch + output + pass;
            let grad = rng * target * inputs;
            let constgrad = gradients + cache + index;
            let affine1 = d_output + d_inputs;
            let init = (workspace + net + with_inputs * is_trained).affine(3);
            core + std + grad + constgrad + affine1 + init.affine(3)
        }
    }

    /// Types of the prelude that mean something else here.
    #[derive(Clone, Copy, Debug)]
    pub struct Option;
    /// The same.
    #[derive(Clone, Copy, Debug)]
    pub struct Result;
    /// The same.
    #[derive(Clone, Copy, Debug)]
    pub struct String;

    /// Sizes of the user's.
    pub const SIZE: usize = 4;

    network! {
        /// Sizes by path.
        #[loss(softmax_cross_entropy)]
        pub(crate) struct Paths(x: [self::SIZE]) -> [super::names::SIZE / 2] {
            x.affine(2 * SIZE).gelu().affine(SIZE / 2)
        }
    }
}

macro_rules! taken {
    ($(#[$attribute:meta])* $module:ident: $kind:tt) => {
        $(#[$attribute])*
        #[allow(non_upper_case_globals, non_camel_case_types, dead_code, unused_macros)]
        pub mod $module {
            taken! { @items $kind
                affine1 affine2 cache d_input d_inputs d_output d_tape d_x dims f forward gradients index indices init input
                inputs is_trained kind loss mode multiply_adds name net1 other output output_gradient parameters pass replay
                rest result rng samples scratch seed self_ slots tape target text value with_inputs workspace x y
            }
            taken! { @networks }
        }
    };
    (@items $kind:tt $($name:ident)*) => { $(taken! { @item $name $kind })* };
    (@item $name:ident const) => { const $name: usize = 3; };
    (@item $name:ident static) => { static $name: usize = 3; };
    (@item $name:ident struct) => { struct $name; };
    (@item $name:ident tuple) => { struct $name(usize); };
    (@item $name:ident fn) => { const fn $name() {} };
    (@item $name:ident macro) => { macro_rules! $name { () => { compile_error!("not this one") } } };
    (@networks) => {
        use ::grad::network;

        network! {
            /// Of scalars and indices, random, with every method.
            #[loss(softmax_cross_entropy)]
            pub struct Classifier(x: [3], text: [usize; 4]) -> [4, 3] {
                let tape = text.embedding(5, 3).affine(3).tanh();
                let (y, _rest) = (tape + x).dropout().split([2, 1], axis = 1);
                concat(y, _rest, axis = 1).affine(3)
            }
        }

        network! {
            /// With one input, so that it is a layer.
            #[loss(huber)]
            pub struct Regression(x: [3]) -> [3] { x.affine(3).relu() * x }
        }

        network! {
            /// Made of it.
            pub struct Outer<const D: usize>(x: [D]) -> [3] { x.affine(3).net::<Regression>() }
        }
    };
}

taken! {
    /// Where names that generated code binds are those of consts, which are patterns.
    consts: const
}
taken! {
    /// Of statics, which no pattern may shadow.
    statics: static
}
taken! {
    /// Of unit structs.
    units: struct
}
taken! {
    /// Of structs with a constructor.
    tuples: tuple
}
taken! {
    /// Of functions.
    functions: fn
}
taken! {
    /// Of macros.
    macros: macro
}

/// Names of values that are names of sizes, options and losses, too.
pub mod sizes_as_values {
    #![allow(non_upper_case_globals)]
    use ::grad::network;

    const x: usize = 3;
    const tape: usize = 2;
    const target: f64 = 0.5;
    const output: super::Never = super::Never { value: 0.5 };
    const gradients: [f64; 3] = [1.0, 2.0, 3.0];

    network! {
        /// Each means what it says where it stands.
        #[loss(huber(delta = target))]
        pub struct Sizes(x: [x], y: [tape]) -> [x] {
            let tape = x.affine(x + tape).leaky_relu(slope = target).affine(tape);
            (tape + y).affine(x)
        }
    }

    network! {
        /// Weights by name.
        #[loss(softmax_cross_entropy(label_smoothing = target, class_weights = gradients))]
        pub struct Weights(x: [x]) -> [x] { x.affine(x) }
    }

    network! {
        /// A loss by its fields.
        #[loss(super::Never { value: target + output.value })]
        pub struct Own(x: [x]) -> [x] { x.affine(x) }
    }
}

/// Attributes of a network.
pub mod attributes {
    use ::grad::network;

    network! {
        /// Whoever uses it is warned, but not who declares it.
        #[deprecated(note = "there are newer ones")]
        #[loss(mean_squared_error)]
        pub struct Old(x: [3]) -> [3] { x.affine(3) }
    }

    network! {
        /// The same without parameters.
        #[deprecated]
        pub struct OldFunction(x: [3]) -> [3] { x.relu() }
    }

    network! {
        /// Its name is as its attribute allows.
        #[allow(non_camel_case_types)]
        #[must_use]
        pub struct small_letters(x: [3]) -> [3] { x.affine(3) }
    }

    network! {
        #[doc(hidden)]
        #[derive(Clone, Copy)]
        #[cfg(not(all()))]
        pub struct Never(x: [3]) -> [3] { this is not even looked at }
    }

    network! {
        /// What holds is as if it were not there.
        #[cfg(all())]
        #[cfg_attr(all(), loss(mean_squared_error), cfg(all()), must_use)]
        #[cfg_attr(not(all()), loss(no_such_loss))]
        pub struct Always(x: [3]) -> [3] { x.affine(3) }
    }

    network! {
        /// One declaration under each condition.
        #[cfg(any())]
        pub struct Either(x: [3], y: [3]) -> [3] { x.affine(3) + y }
    }

    network! {
        /// The other.
        #[cfg(not(any()))]
        pub struct Either(x: [3]) -> [3] { x.affine(3) }
    }

    /// Under a condition inside a function, as its last statement.
    pub fn in_a_function() {
        network! {
            #[cfg(all())]
            struct Local(x: [3]) -> [3] { x.affine(3) }
        }
    }

    /// What the attributes said.
    #[must_use]
    pub fn loss(net: &Always, x: &::grad::__private::nalgebra::SVector<f32, 3>) -> f32 {
        net.loss(x, x)
    }
}

network! {
    /// A residual block.
    pub struct Block<const D: usize>(x: [D]) -> [D] { (x + x.affine(D).relu().affine(D)).relu() }
}

/// A loss of one's own, of nothing.
#[derive(Clone, Copy, Debug)]
pub struct Never {
    /// What it always is.
    pub value: f64,
}

impl<T: ::grad::Scalar> ::grad::loss::Loss<T> for Never {
    fn weight(
        &self,
        _: &::grad::Target<'_, T>,
        _: ::core::primitive::usize,
        _: ::core::primitive::usize,
    ) -> ::core::primitive::f64 {
        1.0
    }

    fn sum(
        &self,
        _: &[T],
        _: &::grad::Target<'_, T>,
        _: ::core::primitive::usize,
        _: ::core::primitive::f64,
        d_scores: ::core::option::Option<&mut [T]>,
    ) -> ::core::primitive::f64 {
        if let ::core::option::Option::Some(d_scores) = d_scores {
            d_scores.fill(T::ZERO);
        }
        self.value
    }
}

/// How rare a word is.
const RARE: [f64; 5] = [1.0, 2.0, 0.5, 1.0, 1.0];

network! {
    /// Indices alone, frozen and shared layers.
    #[loss(softmax_cross_entropy(class_weights = RARE))]
    pub struct Words(text: [usize; 4], others: [usize; 4]) -> [4, 5] {
        #[frozen]
        let words = text.embedding(5, 6);
        let seen = words.affine(6).tanh() + others.shared(words).shared(affine1);
        attention(seen, words, seen, causal = true).affine(5)
    }
}

network! {
    /// One input of indices, in which something is random, and a loss of one's own.
    #[loss(Never { value: 0.5 })]
    pub struct Drawn(text: [usize; 4]) -> [3] {
        let words = text.embedding(5, 3).dropout();
        let (all, last) = words.split([3, 1]);
        (all * last).flatten().affine(3)
    }
}

network! {
    /// That one inside another.
    #[random]
    struct Outside(text: [usize; 4]) -> [3] { text.net::<Drawn>().prelu() }
}

network! {
    /// Private, and only partly used below.
    #[loss(huber(delta = 2))]
    struct Private(x: [5]) -> [2] {
        let deep = x.net::<crate::Block<5>>().leaky_relu(slope = 0.2);
        concat(deep, x).affine(2)
    }
}

/// The loss of a private network.
#[must_use]
pub fn use_private(x: &::grad::Batch<'_, f32, ::grad::Rank1<5>>) -> usize {
    let net: Private = ::grad::Trainable::zeros();
    let copy = ::core::clone::Clone::clone(&net);
    ::core::iter::Iterator::count(x.iter()) + <usize as ::core::convert::From<bool>>::from(net == copy)
}

/// Declares and uses a network inside a function.
#[must_use]
pub fn in_a_function() -> usize {
    const LOCAL: usize = 3;
    network! {
        /// Known only here.
        #[loss(binary_cross_entropy_with_logits)]
        struct Local(x: [LOCAL]) -> [1] { x.affine(LOCAL + 1).tanh().affine(1) }
    }
    <Local as ::grad::Parameters>::COUNT
}

macro_rules! classifier {
    ($name:ident, $inputs:expr, $classes:literal) => {
        network! {
            /// Declared by another macro.
            #[loss(softmax_cross_entropy)]
            pub struct $name(x: [$inputs]) -> [$classes] { x.affine($classes) }
        }
    };
}

classifier!(FromMacro, 2 * 3, 4);

/// A network without documentation of its own would be one for `missing_docs`.
pub mod undocumented {
    use ::grad::network;

    network! { pub struct Plain(x: [2, 3]) -> [6] { x.sigmoid().flatten() } }
}
