//! Declarations that have to compile, each with its generated gradient test: every way to write a size, a type, a name,
//! and networks made of networks.
#![allow(missing_docs, unreachable_pub, reason = "they are declared, not used")]

use constgrad::network;

mod sizes {
    pub const W: usize = 3;
    pub const H: usize = 2;
    pub mod deep {
        pub const K: usize = 6;
    }
}

const X: usize = 4;

mod blocks {
    use constgrad::network;

    network! {
        pub(in crate::blocks) struct Hidden(x: [2]) -> [2] { x.relu() }
    }

    network! {
        pub struct Wide<const D: usize>(x: [D]) -> [8] { x.affine(8) }
    }
}

network! {
    pub struct Identity(x: [3]) -> [3] { x }
}

network! {
    pub struct Alias(x: [3]) -> [3] {
        let y = x;
        y + x
    }
}

network! {
    pub struct Flat(x: [sizes::H, sizes::W]) -> [sizes::deep::K] { x.flatten() }
}

network! {
    pub struct AscribedFlat(x: [sizes::H, sizes::W]) -> [6] {
        let y: [6] = x.flatten();
        y
    }
}

network! {
    pub struct Inner<const D: usize>(x: [D]) -> [D] { x.affine(D).relu() }
}

network! {
    #[loss(mean_squared_error)]
    pub struct Generic<const D: usize, const E: usize>(x: [D], r#type: [E]) -> [D] {
        let a: [D] = x.net::<Inner<D>>();
        let b: [8] = r#type.net::<blocks::Wide<E>>();
        a + b.affine(D)
    }
}

network! {
    #[loss(softmax_cross_entropy)]
    pub struct Shared(x: [crate::X], y: [self::X]) -> [3] {
        let joined = concat(x, y, x);
        let narrow = joined.affine(X).softmax();
        (concat(narrow, narrow * narrow) - joined.affine(2 * X)).affine(3)
    }
}

network! {
    pub struct Chain(x: [3]) -> [8] {
        let middle = x.net::<Alias>().net::<Identity>();
        middle.net::<blocks::Wide<3>>().net::<Inner<8>>().flatten().softmax()
    }
}

network! {
    pub struct Triple(x: [4]) -> [12] { concat(x, x, x) }
}

network! {
    pub struct ThroughImages(x: [2, 3]) -> [12] {
        x.net::<Flat>().affine(4).flatten().net::<Triple>().relu().flatten()
    }
}

network! {
    #[no_gradient_test]
    pub struct ManyInputs(a: [1], b: [1], c: [1], d: [1], e: [1], f: [1], g: [1], h: [1]) -> [1] {
        a + b + c + d + e + f + g + h
    }
}

mod images {
    use constgrad::network;

    const SIDE: usize = 9;
    const WINDOW: usize = 3;

    network! {
        /// Sizes that the macro computes.
        pub struct Pooled(x: [2, 9, 12]) -> [3] {
            let halves: [2, 4, 6] = x.max_pool2d(2);
            let overlapping: [2, 3, 5] = halves.avg_pool2d(3, stride = [2, 1], padding = 1).upsample2d([2, 1]).zero_pad2d([0, 1]).max_pool2d([2, 4], stride = 1);
            overlapping.global_avg_pool().affine(3)
        }
    }

    network! {
        /// Sizes that the compiler computes.
        pub struct PooledConst(x: [2, SIDE, 2 * SIDE]) -> [4] {
            let pooled: [2, 3, 8] = x.max_pool2d(WINDOW, stride = [WINDOW, 2]);
            pooled.upsample2d(WINDOW).reshape([2, 9 * WINDOW, 8]).flatten().affine(4)
        }
    }

    network! {
        pub struct Convolved(x: [4, 10, SIDE]) -> [3, 9, 7] {
            let small: [6, 5, 5] = x.conv2d(6, kernel = 3, stride = 2, padding = 1, groups = 2).relu();
            let wide = small.conv_transpose2d(4, kernel = [1, WINDOW], stride = 2, padding = [0, 2], groups = 2).prelu();
            wide.conv2d(3, kernel = WINDOW, padding = [1, 1], dilation = 1)
        }
    }

    network! {
        pub struct Signal(x: [2, 10]) -> [2, 3] {
            x.max_pool1d(3, stride = 2, padding = 1).reshape([10]).affine(6).reshape([2, 3])
        }
    }
}

mod training {
    use constgrad::network;
    use constgrad::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    const RATE: f64 = 0.25;

    network! {
        /// Random in training, and different from a prediction.
        #[loss(mean_squared_error)]
        pub struct Noisy<const D: usize>(x: [D]) -> [2] {
            x.dropout(rate = RATE).batch_norm().affine(6).batch_norm().relu().dropout().affine(2)
        }
    }

    network! {
        #[random]
        #[loss(mean_squared_error)]
        pub struct Outer<const D: usize>(x: [D], y: [2]) -> [2] { x.net::<Noisy<D>>() + y }
    }

    network! {
        pub struct Normal(x: [2, 4, 4]) -> [2, 4, 4] { x.batch_norm().relu() }
    }

    network! {
        #[loss(softmax_cross_entropy)]
        pub struct OfNormal(x: [32]) -> [3] { x.reshape([2, 4, 4]).net::<Normal>().flatten().batch_norm().affine(3) }
    }

    #[test]
    fn a_step_is_random_and_a_prediction_is_not() {
        let mut rng = SmallRng::seed_from_u64(1);
        let mut net = Outer::<3, f64>::init(&mut rng);
        let x = SMatrix::<f64, 3, 5>::from_fn(|row, column| ((5 * row + column) as f64).sin());
        let y = SMatrix::<f64, 2, 5>::zeros();
        let target = SMatrix::<f64, 2, 5>::repeat(1.0);
        let first = net.gradient(&x, &y, &target, &mut SmallRng::seed_from_u64(2));
        assert_eq!(first, net.gradient(&x, &y, &target, &mut SmallRng::seed_from_u64(2)));
        assert_ne!(first.0, net.gradient(&x, &y, &target, &mut SmallRng::seed_from_u64(3)).0);
        assert_ne!(first.0, net.loss(&x, &y, &target));
        net.grad_check(&x, &y, &target, &mut rng).assert_ok();

        let before = net.net1.batch_norm1.running_mean.clone();
        Adam::new(0.01).step(&mut net, &first.1);
        let moved = before.scale(0.9) + first.1.net1.batch_norm1.running_mean.scale(0.1);
        assert!((moved - *net.net1.batch_norm1.running_mean).amax() < 1e-12);
        // One sample does not depend on those beside it.
        let predicted = net.predict(&x, &y);
        assert_eq!(predicted.column(2), net.predict(&x.column(2), &y.column(2)));
    }
}

mod parts {
    use constgrad::network;

    const HALF: usize = 4;

    network! {
        pub struct Gated(x: [3, 2, 8], y: [3, 2, 2]) -> [3, 2, 10] {
            let (value, gate) = x.split([HALF, 4], axis = 2);
            let (first, second, third) = value.split([1, 1, 1]);
            let back = concat(third, first.relu(), second);
            concat(back * gate.sigmoid(), y, value, axis = 2)
        }
    }

    network! {
        pub struct Halves(x: [8]) -> [8] {
            let (a, b) = x.affine(8).split([3, 5]);
            concat(b.tanh(), a)
        }
    }
}

mod sequences {
    use constgrad::network;

    const L: usize = 5;
    const D: usize = 6;

    network! {
        /// A transformer block, as in "Attention Is All You Need" but normalised first.
        pub struct Block(x: [L, D]) -> [L, D] {
            let seen = x + x.layer_norm().multi_head_attention(2, causal = true);
            seen + seen.layer_norm().affine(4 * D).gelu().affine(D)
        }
    }

    network! {
        #[loss(softmax_cross_entropy)]
        pub struct Transformer(x: [5, 3]) -> [4] {
            let embedded: [5, 6] = x.affine::<3, 6>().rms_norm();
            embedded.net::<Block>().net::<Block>().last().softmax().affine(4)
        }
    }

    network! {
        /// Sizes that only rustc knows.
        pub struct Recurrent(x: [L, D]) -> [L, 2] {
            let placed = x.sinusoidal_positions().net::<Block>().learned_positions();
            placed.rnn(2 * D).gru(D).lstm(2)
        }
    }
}
