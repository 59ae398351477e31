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
        /// Only the padding is a const.
        pub struct Spread(x: [2, 3, 3]) -> [2, 4, 4] {
            x.conv_transpose2d(2, kernel = 2, stride = 2, padding = SIDE - 8)
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
    const WEIGHTS: &[f64] = &[1.0, 2.0];

    network! {
        /// Options with a sign, and weights in a slice.
        #[loss(softmax_cross_entropy(class_weights = WEIGHTS))]
        pub struct Signed(x: [3]) -> [2] {
            x.affine(2).leaky_relu(slope = -RATE).elu(alpha = -(0.5)).affine(2)
        }
    }

    network! {
        #[loss(softmax_cross_entropy(class_weights = [-(-1.0), -(-RATE)]))]
        pub struct Weighted(x: [3]) -> [2] { x.affine(2) }
    }

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

mod indices {
    use constgrad::network;
    use constgrad::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    const WORDS: usize = 7;
    const LEN: usize = 4;
    const RARE: [f64; WORDS] = [1.0, 0.0, 2.5, 1.0, 0.5, 4.0, 1.0];

    network! {
        pub struct Encoder(text: [usize; LEN]) -> [LEN, 6] { text.embedding(WORDS, 3 * 2).layer_norm() }
    }

    network! {
        /// Indices beside scalars, read twice, of which there are fewer the second time.
        #[loss(mean_squared_error)]
        pub struct Offer(text: [usize; LEN], price: [1], day: [usize; 1]) -> [2] {
            let seen = text.net::<Encoder>() + text.embedding(5, 6);
            let weekday = day.embedding(3, 2).flatten();
            concat(seen.multi_head_attention(2).last(), price, weekday, weekday).affine(2)
        }
    }

    network! {
        /// The next word at each position, some of them rare.
        #[loss(softmax_cross_entropy(class_weights = RARE, label_smoothing = 0.1))]
        pub struct Next(text: [usize; LEN]) -> [LEN, WORDS] {
            text.net::<Encoder>().lstm(5).affine(WORDS)
        }
    }

    #[test]
    fn a_sequence_has_a_class_at_each_position() {
        let net = Next::<f64>::init(&mut SmallRng::seed_from_u64(1));
        let text = SMatrix::<usize, LEN, 3>::from_fn(|row, column| (3 * row + 5 * column) % WORDS);
        let following = SMatrix::<usize, LEN, 3>::from_fn(|row, column| (3 * row + 5 * column + 3) % WORDS);
        let of_position = |row, column| if following[(row / WORDS, column)] == row % WORDS { 1.0 } else { 0.0 };
        let one_hot = SMatrix::<f64, { LEN * WORDS }, 3>::from_fn(of_position);
        let expected = net.gradient(&text, &following);
        assert_eq!(net.gradient(&text, following.as_slice()), expected);
        let (loss, gradients) = net.gradient(&text, &one_hot);
        assert!((loss - expected.0).abs() < 1e-12);
        assert!((*gradients.affine1.weight - *expected.1.affine1.weight).amax() < 1e-12);
        net.grad_check(&text, &following).assert_ok();

        let scores = net.predict(&text);
        let costs = scores.as_slice().chunks(WORDS).zip(&following).map(|(scores, &class)| {
            let ln_sum = scores.iter().map(|score| score.exp()).sum::<f64>().ln();
            let of_class = |index| RARE[index] * (if index == class { 0.9 } else { 0.0 } + 0.1 / 7.0);
            (0..WORDS).map(|index| of_class(index) * (ln_sum - scores[index])).sum::<f64>()
        });
        let weight: f64 = following.iter().map(|&class| RARE[class]).sum();
        assert!((costs.sum::<f64>() / weight - expected.0).abs() < 1e-12);
        let is_right = |(scores, &class): (&[f64], &usize)| scores.iter().all(|&score| score <= scores[class]);
        let right = scores.as_slice().chunks(WORDS).zip(&following).filter(|&pair| is_right(pair)).count();
        assert!((net.accuracy(&text, &following) - right as f64 / 12.0).abs() < 1e-12);
    }

    #[test]
    fn a_batch_of_any_kind_is_read() {
        let net = Offer::<f64>::init(&mut SmallRng::seed_from_u64(1));
        let text = nalgebra::DMatrix::from_fn(9, 8, |row, column| (row * column) % 5);
        let (text, price) = (text.fixed_view_with_steps::<LEN, 3>((0, 1), (1, 1)), SMatrix::<f64, 1, 3>::repeat(0.5));
        let day = SMatrix::<usize, 1, 3>::new(0, 2, 1);
        let all = net.predict(&text, &price, &day);
        for sample in 0..3 {
            let one = net.predict(&text.column(sample), &price.column(sample), &day.column(sample));
            assert_eq!(one, all.column(sample));
        }
        let (gradients, d_inputs) = net.backward(&text, &price, &day, &all);
        assert_eq!(d_inputs.price.len(), 3);
        let used: Vec<usize> = text.iter().copied().collect();
        for (index, vector) in gradients.embedding1.weight.column_iter().enumerate() {
            assert_eq!(vector.amax() > 0.0, used.contains(&index), "{index}");
        }
    }
}

mod shared {
    use constgrad::network;
    use constgrad::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    network! {
        pub struct Block<const D: usize>(x: [D]) -> [D] { (x + x.affine(D).batch_norm().tanh()).shared(affine1) }
    }

    network! {
        /// How far two points are from each other, seen by one layer.
        #[loss(mean_squared_error)]
        pub struct Siamese(a: [6], b: [6]) -> [1] {
            let seen = a.affine(4);
            let other = b.shared(seen).relu();
            (seen.relu() - other).square().affine(1)
        }
    }

    network! {
        #[loss(mean_squared_error)]
        pub struct Repeated(text: [usize; 3], other: [usize; 3], x: [3, 5]) -> [3, 5] {
            let words = text.embedding(4, 5);
            let seen = x + words.lstm(5) * other.shared(words).shared(lstm1);
            let deep = seen.flatten().net::<Block<15>>().shared(net1).relu().shared(net1);
            deep.reshape([3, 5]).layer_norm().shared(layer_norm1).batch_norm()
        }
    }

    #[test]
    fn a_shared_layer_has_one_set_of_parameters() {
        let net = Siamese::<f64>::init(&mut SmallRng::seed_from_u64(1));
        assert_eq!((Siamese::<f64>::TENSORS, Siamese::<f64>::COUNT), (4, 6 * 4 + 4 + 4 + 1));
        let x = SMatrix::<f64, 6, 3>::from_fn(|row, column| ((3 * row + column) as f64).sin());
        assert_eq!(net.predict(&x, &x).as_slice(), [net.affine2.bias[0]; 3]);
    }
}

mod frozen {
    use constgrad::layer::Frozen;
    use constgrad::network;
    use constgrad::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::SmallRng;

    network! {
        pub struct Features(x: [2, 6, 6]) -> [4, 2, 2] {
            x.conv2d(4, kernel = 3).batch_norm().relu().dropout().max_pool2d(2)
        }
    }

    network! {
        /// New layers on old features.
        #[loss(softmax_cross_entropy)]
        pub struct Tuned(x: [2, 6, 6], word: [usize; 1]) -> [3] {
            #[frozen]
            let features = x.net::<Features>();
            #[frozen]
            let name = word.embedding(5, 4);
            let scaled = features.flatten().affine(6).relu();
            concat(scaled, name.flatten()).affine(3)
        }
    }

    network! {
        /// Frozen in the middle, twice: gradients pass through.
        #[loss(mean_squared_error)]
        pub struct Through(x: [5]) -> [2] {
            let first = x.affine(4);
            #[frozen]
            let middle = first.tanh().affine(4).relu();
            let twice = middle.shared(middle).batch_norm();
            #[frozen]
            let (a, b) = twice.prelu().split([2, 2]);
            (a + b).affine(2)
        }
    }

    #[test]
    fn what_is_frozen_stays_and_takes_no_memory() {
        let mut rng = SmallRng::seed_from_u64(1);
        let mut net = Tuned::<f64> { features: Frozen::new(Features::init(&mut rng)), ..Tuned::init(&mut rng) };
        let before = net.clone();
        let x = SMatrix::<f64, 72, 3>::from_fn(|row, column| ((3 * row + column) as f64).sin());
        let word = SMatrix::<usize, 1, 3>::new(0, 4, 2);
        let mut adam = Adam::new(0.1);
        for _ in 0..3 {
            let (_, gradients) = net.gradient(&x, &word, &[0_u8, 1, 2]);
            adam.step(&mut net, &gradients);
        }
        assert_eq!((&net.features, &net.name), (&before.features, &before.name));
        assert_ne!((&net.scaled, &net.affine2), (&before.scaled, &before.affine2));

        let trained = (16 * 6 + 6) + (10 * 3 + 3);
        assert_eq!(Tuned::<f64>::TRAINED, trained);
        assert_eq!(Tuned::<f64>::COUNT, trained + (2 * 9 * 4 + 4) + 4 * 4 + 5 * 4);
        let scalars =
            |net: &Tuned<f64>| (0..Tuned::<f64>::TENSORS).map(|tensor| net.tensor(tensor).len()).sum::<usize>();
        assert_eq!((scalars(&net), scalars(&adam.first_moment)), (Tuned::<f64>::COUNT, trained));
        net.grad_check(&x, &word, &[0_u8, 1, 2]).assert_ok();
    }
}

mod repeated {
    use constgrad::network;

    const L: usize = 5;
    const D: usize = 6;

    network! {
        /// Channels weighed, as in "Squeeze-and-Excitation Networks".
        pub struct Excited(image: [6, 3, 4]) -> [6, 3, 4] {
            let gates = image.global_avg_pool().affine(2).relu().affine(6).sigmoid();
            image * gates
        }
    }

    network! {
        #[loss(mean_squared_error)]
        pub struct Biased(sequence: [L, D], bias: [D]) -> [L, D] {
            // The name that a value of the macro would have.
            let broadcast1 = bias.tanh();
            (sequence + broadcast1) * broadcast1
        }
    }

    network! {
        pub struct Constants(x: [2, 3], one: [1]) -> [2, 3] { one / (one - x).exp() }
    }

    network! {
        pub struct Scaled<const N: usize>(x: [N], scale: [1]) -> [N] { x.affine(N) * scale - scale }
    }

    network! {
        pub struct Planes(image: [2, L, D], row: [1, 1, D], channels: [2]) -> [2, L, D] {
            row - image + channels.reshape([2, 1, 1])
        }
    }

    network! {
        pub struct OfNetwork(x: [3], y: [2, 8]) -> [2, 8] {
            let wide: [8] = x.net::<crate::blocks::Wide<3>>();
            wide / y.exp() + y
        }
    }
}

mod attention {
    use constgrad::network;

    const D: usize = 4;

    network! {
        /// One head by itself, and queries of one sequence with keys and values of another.
        #[loss(mean_squared_error)]
        pub struct Attended(x: [3, D], y: [5, 2]) -> [3, 6] {
            let alone = attention(x.affine(6), x.affine(6), x.affine(D), causal = true);
            let seen = attention(alone, y.affine(D), y.affine(2 * D));
            concat(attention(alone, seen.affine(D).tanh(), x), seen.affine(2), axis = 1)
        }
    }
}

mod options {
    use constgrad::network;

    const STD: f64 = 0.5;
    const EPSILON: f64 = 1e-3;
    const C: usize = 4;

    network! {
        pub struct Sized<const D: usize>(x: [D], y: [D]) -> [D] {
            let plain = x.affine(D, bias = false, init = normal(std = STD)).layer_norm(epsilon = EPSILON);
            y.affine(D, init = orthogonal(gain = self::STD)).rms_norm(epsilon = 1e-6) * plain
        }
    }

    network! {
        #[loss(mean_squared_error)]
        pub struct Images(image: [C, 5, 5], words: [usize; 3]) -> [3, C] {
            #[frozen]
            let fixed = image.conv2d(2 * C, kernel = 3, padding = 1, groups = C, bias = false, init = he);
            let wider = fixed.relu().conv_transpose2d(C, kernel = 2, bias = false, init = uniform(bound = -MINUS));
            let half = wider.reshape([C, 36]).conv1d(3, kernel = 33, bias = false, init = xavier);
            let seen = half.affine::<C, C>(bias = false).tanh().shared(affine1);
            let again = words.embedding(9, C, init = uniform(bound = 1.0)) * words.shared(embedding1);
            seen + again.learned_positions(init = he).rnn(C, init = xavier)
        }
    }

    const MINUS: f64 = -0.5;

    macro_rules! declare {
        ($init:expr, $number:expr, $bias:literal) => {
            network! {
                pub struct FromFragments(x: [3]) -> [2] {
                    x.affine(4, init = $init, bias = $bias).layer_norm(epsilon = $number).affine(2, init = normal(std = $number))
                }
            }
        };
    }
    declare!(orthogonal(gain = 2.0), 0.1, false);
}
