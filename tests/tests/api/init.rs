//! Fresh networks: how their weights are drawn.

use constgrad::Scalar;
use constgrad::prelude::*;

use super::rng;

network! { struct Inner(x: [200]) -> [300] { x.affine(300).leaky_relu() } }

network! {
    #[loss(softmax_cross_entropy)]
    struct Deep(x: [100]) -> [10] {
        x.affine(200).relu().net::<Inner>().affine(100).tanh().affine(10)
    }
}

/// Asserts that the weights of each layer are drawn with its deviation, and that biases are 0.
#[track_caller]
fn assert_drawn(net: &impl Trainable, deviations: [f64; 4]) {
    for (layer, expected) in deviations.into_iter().enumerate() {
        let (mean, deviation) = moments(net.tensor(2 * layer));
        // The smallest weight has 1000 scalars: five standard errors are 0.16 and 0.11.
        assert!(mean.abs() < 0.16 * expected, "layer {layer}: mean {mean}");
        assert!((deviation - expected).abs() < 0.11 * expected, "layer {layer}: deviation {deviation}");
        assert_eq!(moments(net.tensor(2 * layer + 1)), (0.0, 0.0), "layer {layer}: bias");
    }
}

/// Mean and standard deviation.
fn moments<T: Scalar>(values: &[T]) -> (f64, f64) {
    let mean_of =
        |map: &dyn Fn(f64) -> f64| values.iter().map(|value| map(value.to_f64())).sum::<f64>() / values.len() as f64;
    let mean = mean_of(&|value| value);
    (mean, mean_of(&|value| (value - mean).powi(2)).sqrt())
}

#[test]
fn weights_suit_the_activation_that_follows() {
    let rectified = |inputs: f64| (2.0 / inputs).sqrt();
    let other = |inputs: f64, outputs: f64| (2.0 / (inputs + outputs)).sqrt();
    let expected = [rectified(100.0), rectified(200.0), other(300.0, 100.0), other(100.0, 10.0)];
    assert_drawn(&Deep::<f64>::init(&mut rng(1)), expected);
    assert_drawn(&Deep::<f32>::init(&mut rng(2)), expected);
}

/// What is asked for holds for every layer, whatever follows it or its declaration says.
#[test]
fn a_scheme_that_is_asked_for_is_that_of_every_layer() {
    let he = [100.0, 200.0, 300.0, 100.0].map(|inputs: f64| (2.0 / inputs).sqrt());
    assert_drawn(&Deep::<f64>::init_with(Init::He, &mut rng(1)), he);
    let xavier = [300.0, 500.0, 400.0, 110.0].map(|both: f64| (2.0 / both).sqrt());
    assert_drawn(&Deep::<f64>::init_with(Init::Xavier, &mut rng(1)), xavier);
    assert_drawn(&Deep::<f64>::init_with(Init::Uniform { bound: 0.3 }, &mut rng(1)), [0.3 / 3.0_f64.sqrt(); 4]);
    assert_eq!(Deep::<f64>::init_with(Init::Default, &mut rng(1)), Deep::init(&mut rng(1)));
    for name in
        ["embedding1.weight", "positions1.weight", "attention1.in_proj_weight", "lstm1.weight_hh_l0", "conv2.weight"]
    {
        let drawn = |init| moments(tensor(&Drawn::<f64>::init_with(init, &mut rng(1)), name)).1;
        assert!(drawn(Init::Normal { std: 1e-9 }) < 1e-8, "{name}");
        assert_ne!(drawn(Init::He), drawn(Init::Xavier), "{name}");
    }
}

const STD: f64 = 0.2;

network! {
    #[loss(mean_squared_error)]
    struct Said(x: [40], signal: [8, 30], image: [4, 10, 10], text: [usize; 5]) -> [50] {
        let he = x.affine(100, init = he).tanh().affine(50, bias = false, init = xavier).relu();
        let even: [20, 28] = signal.conv1d(20, kernel = 3, bias = false, init = uniform(bound = 0.1));
        let square = image.conv2d(30, kernel = 3, init = orthogonal);
        let wide = square.conv_transpose2d(20, kernel = 2, bias = false, init = orthogonal(gain = 0.5));
        let words = text.embedding(30, 40, init = normal(std = STD)).learned_positions(init = normal(std = 2));
        let seen = words.multi_head_attention(4, init = orthogonal);
        let read = seen.rnn(9, init = orthogonal).lstm(8, init = orthogonal).gru(7, init = orthogonal).last();
        he + concat(even.flatten(), wide.flatten(), read).affine::<{ 560 + 20 * 81 + 7 }, 50>(init = orthogonal)
    }
}

#[test]
fn a_declaration_says_how_weights_are_drawn() {
    let net = Said::<f64>::init(&mut rng(1));
    let assert_deviation = |name: &str, expected: f64| {
        let (_, deviation) = moments(tensor(&net, name));
        assert!((deviation / expected - 1.0).abs() < 0.2, "{name}: {deviation}, not {expected}");
    };
    assert_deviation("affine1.weight", (2.0_f64 / 40.0).sqrt());
    assert_deviation("affine2.weight", (2.0_f64 / 150.0).sqrt());
    assert_deviation("even.weight", 0.1 / 3.0_f64.sqrt());
    assert_deviation("embedding1.weight", 0.2);
    assert_deviation("positions1.weight", 2.0);
    let orthogonal = [
        ("square.weight", 1.0),
        ("wide.weight", 0.5),
        ("seen.in_proj_weight", 1.0),
        ("seen.out_proj.weight", 1.0),
        ("rnn1.weight_ih_l0", 1.0),
        ("rnn1.weight_hh_l0", 1.0),
        ("lstm1.weight_ih_l0", 1.0),
        ("gru1.weight_hh_l0", 1.0),
        ("affine3.weight", 1.0),
    ];
    for (name, gain) in orthogonal {
        assert_orthogonal(&net, name, gain);
    }
    assert_eq!(moments(tensor(&net, "lstm1.bias_hh_l0")), (0.0, 0.0));
    // What is asked for comes before what is declared.
    let net = Said::<f64>::init_with(Init::Orthogonal { gain: 3.0 }, &mut rng(1));
    for name in ["affine1.weight", "even.weight", "wide.weight", "embedding1.weight", "positions1.weight"] {
        assert_orthogonal(&net, name, 3.0);
    }
}

/// Asserts that the rows of a tensor or, where they are more than columns, the columns are orthogonal and as long as `gain`.
#[track_caller]
fn assert_orthogonal<N: Trainable<Scalar = f64>>(net: &N, name: &str, gain: f64) {
    let index = (0..N::TENSORS).find(|&index| N::info(index).name == name).expect("there is one");
    let (weights, rows) = (net.tensor(index), N::info(index).dims[0]);
    let matrix = nalgebra::DMatrix::from_row_slice(rows, weights.len() / rows, weights);
    let product = if rows <= matrix.ncols() { &matrix * matrix.transpose() } else { matrix.transpose() * &matrix };
    let identity = nalgebra::DMatrix::identity(product.nrows(), product.ncols());
    let error = (product - identity * gain * gain).abs().max();
    assert!(error < 1e-6, "{name}: {error}");
}

/// A bias that is not wanted is neither a tensor nor counted.
#[test]
fn there_is_no_tensor_for_a_bias_that_is_not_wanted() {
    let names: Vec<String> = <Said>::LAYOUT.iter().map(|tensor| tensor.name.to_string()).collect();
    for layer in ["affine2", "even", "wide"] {
        assert!(names.contains(&format!("{layer}.weight")) && !names.contains(&format!("{layer}.bias")), "{names:?}");
    }
    assert!(names.contains(&"affine1.bias".to_owned()) && names.contains(&"square.bias".to_owned()));
    let counts: Vec<usize> =
        <Said>::LAYERS.iter().map(|layer| layer.parameters).filter(|&count| count > 0).take(5).collect();
    assert_eq!(counts, [40 * 100 + 100, 100 * 50, 8 * 3 * 20, 4 * 9 * 30 + 30, 30 * 4 * 20]);
}

// Layers whose `epsilon` is so great that their outputs show it.
network! {
    #[loss(mean_squared_error)]
    struct Normalised(x: [2], y: [3, 2]) -> [2, 2] {
        let pair = x.layer_norm(epsilon = 3.0) + x.rms_norm(epsilon = EPSILON);
        concat(pair.reshape([1, 2]), y.layer_norm(epsilon = 3).rms_norm(epsilon = 1e-5).last().reshape([1, 2]))
    }
}

const EPSILON: f64 = 9.0;

#[test]
fn an_epsilon_is_added_to_variances() {
    let net = Normalised::<f64>::init(&mut rng(1));
    let output = net.predict(&nalgebra::vector![4.0, 4.0], &nalgebra::vector![0.0, 0.0, 0.0, 0.0, 4.0, 6.0]);
    assert!((output - nalgebra::vector![0.8, 0.8, -1.0, 1.0]).abs().max() < 1e-4, "{output}");
}

network! { struct Functions(x: [2]) -> [2] { x.relu() } }

#[test]
fn a_network_without_parameters_is_made_as_any_other() {
    let mut generator = rng(1);
    assert_eq!(Functions::<f64>::init(&mut generator), Functions::init_with(Init::He, &mut generator));
    // It draws nothing.
    assert_eq!(generator, rng(1));
}

#[test]
fn one_deviation_holds_for_every_layer() {
    let init = Init::Normal { std: 0.01 };
    assert_drawn(&Deep::<f64>::init_with(init, &mut rng(3)), [0.01; 4]);
    assert_drawn(&Deep::<f32>::init_with(init, &mut rng(4)), [0.01; 4]);
}

#[test]
fn a_seed_is_a_network() {
    assert_eq!(Deep::<f32>::init(&mut rng(5)), Deep::<f32>::init(&mut rng(5)));
    assert_ne!(Deep::<f32>::init(&mut rng(5)), Deep::<f32>::init(&mut rng(6)));
    // In either precision it is the same network.
    let (single, double) = (Deep::<f32>::init(&mut rng(5)), Deep::<f64>::init(&mut rng(5)));
    for tensor in 0..<Deep>::TENSORS {
        let rounded = double.tensor(tensor).iter().map(|&value| f32::nearest(value));
        assert!(rounded.eq(single.tensor(tensor).iter().copied()));
    }
}

/// What a seed drew when the schemes of a declaration and of `init_with` did not exist.
#[test]
#[expect(clippy::unreadable_literal, reason = "as they were printed")]
fn what_suits_each_layer_is_what_it_always_was() {
    let first_and_last = [
        ("embedding1.weight", [-1.8266753083094904, -0.8558169774871899]),
        ("positions1.weight", [0.01861552816844877, 0.02599103020526794]),
        ("attention1.in_proj_weight", [0.022047385031506987, -0.16836331324574366]),
        ("attention1.out_proj.weight", [0.2876119630433744, 0.6471816200466644]),
        ("rnn1.weight_ih_l0", [0.48774172219147127, -0.3167085429538643]),
        ("rnn1.bias_hh_l0", [0.06565512315851896, -0.03730166016074743]),
        ("lstm1.weight_hh_l0", [-0.05159187808680277, 0.31942793939560143]),
        ("lstm1.bias_ih_l0", [0.44685346510315505, -0.24680883662772835]),
        ("gru1.weight_ih_l0", [-0.2580856364922657, 0.1375876733411756]),
        ("gru1.bias_hh_l0", [0.3945290562209829, -0.27806459754133317]),
        ("conv1.weight", [0.04510561136194656, -0.9139989346748565]),
        ("conv2.weight", [-0.004542773701028576, -0.1425584935097207]),
        ("affine1.weight", [-0.0019266860348483592, 0.05482850375173519]),
        ("net1.affine1.weight", [0.02584791861787423, 0.036151852314832915]),
        ("affine2.weight", [0.14064403966831268, 0.11480261396552001]),
        ("affine3.weight", [0.8138072618744474, 0.1973983478176562]),
    ];
    let net = Drawn::<f64>::init(&mut rng(7));
    for (name, expected) in first_and_last {
        let tensor = tensor(&net, name);
        let found = [tensor[0], tensor[tensor.len() - 1]];
        // Logarithms of the machine may differ in the last bit.
        assert!(
            found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-14),
            "{name}: {found:?}"
        );
    }
}

/// The tensor of that name.
#[track_caller]
fn tensor<'a, N: Trainable>(net: &'a N, name: &str) -> &'a [N::Scalar] {
    let index = (0..N::TENSORS).find(|&index| N::info(index).name == name);
    net.tensor(index.unwrap_or_else(|| panic!("there is no {name}")))
}

network! {
    #[no_gradient_test]
    struct Drawn(text: [usize; 4], image: [1, 6, 6]) -> [3] {
        let words = text.embedding(5, 6).learned_positions().multi_head_attention(2).rnn(4).lstm(4).gru(4).flatten();
        let seen = image.conv2d(2, kernel = 3).relu().conv_transpose2d(2, kernel = 3).tanh().flatten().affine(200);
        let inner: [300] = seen.prelu().net::<Inner>();
        concat(words, inner.relu().layer_norm()).affine(4).softplus().affine(3)
    }
}
