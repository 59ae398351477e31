//! Layers, operators, losses and optimizers compute what `PyTorch` computes: see `reference/export.py`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use constgrad::__private::{Add, Binary, Div, Mul, Slots, Sub, Tape};
use constgrad::activation::{
    Abs, Cos, Elu, Exp, Gelu, HardSigmoid, LeakyRelu, Ln, Relu, Sigmoid, Silu, Sin, Softplus, Sqrt, Square, Tanh,
};
use constgrad::layer::{Affine, LogSoftmax, Map, Softmax};
use constgrad::layer::{
    Attention, AvgPool, BatchNorm, Broadcast, Conv, ConvTranspose, Each, Embedding, GlobalAvgPool, Gru, LayerNorm,
    LearnedPositions, Lstm, MaxPool, MultiHeadAttention, Prelu, RmsNorm, Rnn, SinusoidalPositions, Slice, Slide,
    Upsample, ZeroPad,
};
use constgrad::loss::{
    BinaryCrossEntropyWithLogits, Huber, KlDivergence, Loss, MeanAbsoluteError, MeanSquaredError, SoftmaxCrossEntropy,
};
use constgrad::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd};
use constgrad::{
    Batch, BatchMut, Forward, Init, IntoTarget, Layer, Mode, Parameters, Role, Seed, Shape, Target, Trainable,
};
use constgrad::{Rank1, Rank2, Rank3, checkpoint, network};
use nalgebra::{Const, Dyn, OMatrix};
use rand::SeedableRng;
use rand::rngs::SmallRng;
use serde::Deserialize;

const SAMPLES: usize = 3;
const ROWS: usize = 6;

type S = Rank1<ROWS>;

#[derive(Deserialize)]
struct Reference {
    functions: BTreeMap<String, Function>,
    losses: BTreeMap<String, LossCase>,
    two_layer_net: TwoLayerNet,
    optimizers: Optimizers,
    layers: BTreeMap<String, Module>,
    modules: Modules,
    without_bias: WithoutBias,
}

/// A network of layers without bias.
#[derive(Deserialize)]
struct WithoutBias {
    image: Vec<f64>,
    output: Vec<f64>,
}

/// A network of every layer with parameters.
#[derive(Deserialize)]
struct Modules {
    image: Vec<f64>,
    words: Vec<usize>,
    output: Vec<f64>,
}

/// A layer in training.
#[derive(Deserialize)]
struct Module {
    input: Vec<f64>,
    parameters: Vec<Vec<f64>>,
    output: Vec<f64>,
    d_output: Vec<f64>,
    d_input: Vec<f64>,
    d_parameters: Vec<Vec<f64>>,
    /// After the step.
    statistics: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct Function {
    inputs: Vec<Vec<f64>>,
    output: Vec<f64>,
    d_output: Vec<f64>,
    d_inputs: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct LossCase {
    scores: Vec<f64>,
    target: Values,
    loss: f64,
    d_scores: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Values {
    Classes(Vec<usize>),
    Dense(Vec<f64>),
}

#[derive(Deserialize)]
struct TwoLayerNet {
    x: Vec<f64>,
    parameters: [Vec<f64>; 4],
    classes: Vec<usize>,
    scores: Vec<f64>,
    loss: f64,
    d_x: Vec<f64>,
    gradients: [Vec<f64>; 4],
}

#[derive(Deserialize)]
struct Optimizers {
    start: Vec<f64>,
    gradients: Vec<Vec<f64>>,
    runs: BTreeMap<String, Run>,
}

#[derive(Deserialize)]
struct Run {
    learning_rates: Vec<f64>,
    parameters: Vec<Vec<f64>>,
}

/// What the optimizers move.
type Moved = Affine<f64, 5, 3>;

static REFERENCE: LazyLock<Reference> =
    LazyLock::new(|| serde_json::from_str(include_str!("../reference/numbers.json")).expect("the file is as exported"));

#[test]
fn layers() {
    check_layer("relu", &Map::<_, S>::new(Relu));
    check_layer("leaky_relu", &Map::<_, S>::new(LeakyRelu::new(0.1)));
    check_layer("sigmoid", &Map::<_, S>::new(Sigmoid));
    check_layer("tanh", &Map::<_, S>::new(Tanh));
    check_layer("gelu", &Map::<_, S>::new(Gelu));
    check_layer("silu", &Map::<_, S>::new(Silu));
    check_layer("softplus", &Map::<_, S>::new(Softplus));
    check_layer("softmax", &Softmax::<S>::new());
    check_layer("log_softmax", &LogSoftmax::<S>::new());
    check_layer("elu", &Map::<_, S>::new(Elu::new(0.5)));
    check_layer("hard_sigmoid", &Map::<_, S>::new(HardSigmoid));
    check_layer("abs", &Map::<_, S>::new(Abs));
    check_layer("square", &Map::<_, S>::new(Square));
    check_layer("sqrt", &Map::<_, S>::new(Sqrt));
    check_layer("exp", &Map::<_, S>::new(Exp));
    check_layer("ln", &Map::<_, S>::new(Ln));
    check_layer("sin", &Map::<_, S>::new(Sin));
    check_layer("cos", &Map::<_, S>::new(Cos));
}

#[test]
fn affine() {
    let reference = &REFERENCE.functions["affine"];
    let affine = affine_of::<6, 4>(&reference.inputs[1..]);
    let gradients = check_layer("affine", &affine);
    assert_close("affine.weight", gradients.weight.as_slice(), &reference.d_inputs[1]);
    assert_close("affine.bias", gradients.bias.as_slice(), &reference.d_inputs[2]);
}

#[test]
fn images() {
    type Window<const KH: usize, const KW: usize, const SH: usize, const SW: usize, const PH: usize, const PW: usize> =
        Slide<KH, KW, SH, SW, PH, PW, 1, 1>;

    check_module::<Conv<f64, Rank3<4, 5, 6>, Rank3<6, 7, 3>, Slide<3, 2, 1, 2, 2, 1, 1, 2>, 2, 12, 6>>("conv2d");
    check_module::<Conv<f64, Rank3<2, 3, 12>, Rank3<3, 2, 10>, Window<2, 3, 1, 1, 0, 0>, 1, 12, 3>>("conv2d_direct");
    check_module::<Conv<f64, Rank3<2, 3, 12>, Rank3<3, 2, 10>, Window<2, 3, 1, 1, 0, 0>, 1, 12, 3, 0>>(
        "conv2d_without_bias",
    );
    check_module::<ConvTranspose<f64, Rank3<2, 3, 4>, Rank3<3, 4, 5>, Window<2, 2, 1, 1, 0, 0>, 1, 12, 2, 0>>(
        "conv_transpose2d_without_bias",
    );
    check_module::<Affine<f64, 5, 3, 0>>("affine_without_bias");
    check_module::<Conv<f64, Rank2<3, 7>, Rank2<2, 7>, Window<1, 3, 1, 1, 0, 1>, 1, 9, 2>>("conv1d");
    check_module::<ConvTranspose<f64, Rank3<4, 3, 4>, Rank3<2, 5, 8>, Window<3, 2, 2, 2, 1, 0>, 2, 6, 4, 2>>(
        "conv_transpose2d",
    );
    check_function("max_pool2d", &MaxPool::<Rank3<2, 5, 6>, Rank3<2, 3, 5>, Window<3, 2, 2, 1, 1, 0>>::new());
    check_function("max_pool2d_squares", &MaxPool::<Rank3<2, 5, 8>, Rank3<2, 2, 4>, Window<2, 2, 2, 2, 0, 0>>::new());
    check_function("max_pool1d", &MaxPool::<Rank2<2, 9>, Rank2<2, 4>, Window<1, 3, 1, 2, 0, 0>>::new());
    check_function("avg_pool2d", &AvgPool::<Rank3<2, 5, 6>, Rank3<2, 3, 5>, Window<3, 2, 2, 1, 1, 0>>::new());
    check_function("global_avg_pool", &GlobalAvgPool::<Rank3<3, 4, 5>, Rank1<3>>::new());
    check_function("upsample2d", &Upsample::<Rank3<2, 3, 2>, Rank3<2, 6, 6>>::new());
    check_function("zero_pad2d", &ZeroPad::<Rank3<2, 2, 3>, Rank3<2, 6, 5>>::new());
}

#[test]
fn normalisation() {
    check_module::<BatchNorm<f64, Rank3<3, 2, 4>, 3>>("batch_norm_of_images");
    check_module::<BatchNorm<f64, Rank1<4>, 4>>("batch_norm_of_vectors");
    check_module::<Each<LayerNorm<f64, 5>, 4>>("layer_norm");
    check_module::<LayerNorm<f64, 5, { f64::to_bits(0.5) }>>("layer_norm_with_epsilon");
    check_module::<RmsNorm<f64, 5, { f64::to_bits(0.5) }>>("rms_norm_with_epsilon");
    check_module::<RmsNorm<f64, 5>>("rms_norm");
}

#[test]
fn others_with_parameters() {
    check_module::<MultiHeadAttention<f64, 4, 6, 18, 2, true>>("multi_head_attention");
    check_module::<Prelu<f64, Rank1<5>>>("prelu");
    check_module::<Lstm<f64, 4, 3, 5, 20>>("lstm");
    check_module::<Rnn<f64, 4, 3, 5>>("rnn");
    check_module::<Gru<f64, 4, 3, 5, 15>>("gru");
    check_function("sinusoidal_positions", &SinusoidalPositions::<7, 5>::new());
    check_module::<LearnedPositions<f64, 4, 3>>("learned_positions");
    check_indexed::<Embedding<f64, 4, 5, 3>>("embedding");
    check_function("attention", &Attention::<42, 3, 5, 4, 2, false>::new());
    check_function("causal_attention", &Attention::<30, 3, 3, 4, 2, true>::new());
    check_function("split", &Slice::<Rank3<2, 4, 3>, Rank3<2, 2, 3>, 2, 3>::new());
    check_function("last", &Slice::<Rank2<4, 3>, Rank1<3>, 1, 9>::new());
    check_function("broadcast", &Broadcast::<Rank1<3>, Rank3<2, 3, 4>, 1>::new());
}

#[test]
fn operators() {
    check_operator("add", Add);
    check_operator("sub", Sub);
    check_operator("mul", Mul);
    check_operator("div", Div);
}

#[test]
fn concat() {
    let reference = &REFERENCE.functions["concat"];
    let (mut cache, mut d_inputs) = (vec![0.0; 8 * SAMPLES], vec![f64::NAN; 8 * SAMPLES]);
    let parts = reference.inputs.iter().map(Vec::as_slice).collect::<Vec<_>>();
    let output = Tape::new(&mut cache, SAMPLES, Mode::Inference).concat::<Rank1<8>>(&parts, 1);
    assert_close("concat", output.as_slice(), &reference.output);

    let mut slots = Slots::new(&mut [], Some(&mut d_inputs), SAMPLES);
    let d_output = Batch::<_, Rank1<8>>::new(&reference.d_output, SAMPLES);
    slots.input::<S>().part::<S, _>(0, 1, d_output);
    slots.input::<Rank1<2>>().part::<Rank1<2>, _>(ROWS, 1, d_output);
    assert_close("d_inputs of concat", &d_inputs, &reference.d_inputs.concat());
}

#[test]
fn losses() {
    check_loss("softmax_cross_entropy_classes", SoftmaxCrossEntropy::new(0.0, &[]));
    check_loss("softmax_cross_entropy_one_hot", SoftmaxCrossEntropy::new(0.0, &[]));
    check_loss("softmax_cross_entropy_soft", SoftmaxCrossEntropy::new(0.0, &[]));
    check_loss("softmax_cross_entropy_10000", SoftmaxCrossEntropy::new(0.0, &[]));
    check_loss("softmax_cross_entropy_classes_smoothed", SoftmaxCrossEntropy::new(0.1, &[]));
    check_loss("softmax_cross_entropy_soft_smoothed", SoftmaxCrossEntropy::new(0.1, &[]));
    let weights = const { &[0.5, 0.0, 2.0, 1.0, 3.0, 1.5] };
    check_loss("softmax_cross_entropy_classes_weighted", SoftmaxCrossEntropy::new(0.0, weights));
    check_loss("softmax_cross_entropy_classes_smoothed_weighted", SoftmaxCrossEntropy::new(0.1, weights));
    check_loss("mean_squared_error", MeanSquaredError);
    check_loss("binary_cross_entropy_with_logits", BinaryCrossEntropyWithLogits);
    check_loss("mean_absolute_error", MeanAbsoluteError);
    check_loss("huber", Huber::new(1.5));
    check_loss("kl_divergence", KlDivergence);
}

#[test]
fn two_layer_net() {
    let reference = &REFERENCE.two_layer_net;
    let affine1 = affine_of::<5, 4>(&reference.parameters[..2]);
    let relu1 = Map::<_, Rank1<4>>::new(Relu);
    let affine2 = affine_of::<4, 3>(&reference.parameters[2..]);

    let hidden = forward(&affine1, &reference.x);
    let active = forward(&relu1, &hidden);
    let scores = forward(&affine2, &active);
    assert_close("scores", &scores, &reference.scores);

    let (loss, d_scores) = evaluate(SoftmaxCrossEntropy::new(0.0, &[]), &scores, &classes(&reference.classes));
    assert_close("loss", &[loss], &[reference.loss]);

    let (d_active, d_affine2) = backward(&affine2, &active, &scores, &d_scores);
    let (d_hidden, _) = backward(&relu1, &hidden, &active, &d_active);
    let (d_x, d_affine1) = backward(&affine1, &reference.x, &hidden, &d_hidden);
    assert_close("d_x", &d_x, &reference.d_x);
    let gradients = [d_affine1.tensor(0), d_affine1.tensor(1), d_affine2.tensor(0), d_affine2.tensor(1)];
    for (index, (found, expected)) in gradients.iter().zip(&reference.gradients).enumerate() {
        assert_close(&format!("gradient {index}"), found, expected);
    }
}

network! {
    struct Saved(x: [5]) -> [3] { x.affine(4).relu().affine(3) }
}

#[test]
fn checkpoints() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/reference/two_layer_net.safetensors");
    let net: Saved<f64> = checkpoint::load(path).expect("it is a state_dict of that network");
    let reference = &REFERENCE.two_layer_net;
    let scores = net.predict(&OMatrix::<f64, Const<5>, Dyn>::from_column_slice(&reference.x));
    assert_close("scores", scores.as_slice(), &reference.scores);

    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two_layer_net.safetensors");
    checkpoint::save(&net, &copy).expect("the folder can be written to");
    assert_eq!(fs::read(copy).expect("it was saved"), fs::read(path).expect("it was loaded"));
}

network! {
    /// Every layer with parameters.
    struct Every(image: [2, 6, 6], words: [usize; 4]) -> [3] {
        let seen = image.conv2d(4, kernel = 3, groups = 2).batch_norm().prelu().conv_transpose2d(2, kernel = 2, groups = 2);
        let signal = seen.reshape([2, 25]).conv1d(3, kernel = 5);
        let attended = words.embedding(5, 6).learned_positions().multi_head_attention(2).layer_norm();
        let text = attended.rnn(5).lstm(4).gru(3).rms_norm().last();
        concat(seen.flatten(), signal.flatten(), text).affine(3)
    }
}

/// All tensors have the names, the shapes and the order of scalars of `PyTorch`.
#[test]
fn a_state_dict_of_every_layer() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/reference/modules.safetensors");
    let net: Every<f64> = checkpoint::load(path).expect("it is a state_dict of that network");
    let reference = &REFERENCE.modules;
    let image = OMatrix::<f64, Const<72>, Dyn>::from_column_slice(&reference.image);
    let words = OMatrix::<usize, Const<4>, Dyn>::from_column_slice(&reference.words);
    assert_near("output", net.predict(&image, &words).as_slice(), &reference.output);

    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("modules.safetensors");
    checkpoint::save(&net, &copy).expect("the folder can be written to");
    assert_eq!(checkpoint::load::<Every<f64>>(copy).expect("it was saved"), net);
}

network! {
    struct Plain(image: [2, 6, 6]) -> [3] {
        let seen = image.conv2d(4, kernel = 3, groups = 2, bias = false).conv_transpose2d(2, kernel = 2, bias = false);
        let signals = seen.reshape([2, 25]).conv1d(3, kernel = 5, bias = false).flatten().affine(5, bias = false);
        signals.layer_norm(epsilon = 0.5).rms_norm(epsilon = 1e-3).affine(3)
    }
}

/// Those of modules with `bias=False` have no tensor for one, and none is saved.
#[test]
fn a_state_dict_without_biases() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/reference/without_bias.safetensors");
    let net: Plain<f64> = checkpoint::load(path).expect("it is a state_dict of that network");
    let reference = &REFERENCE.without_bias;
    let image = OMatrix::<f64, Const<72>, Dyn>::from_column_slice(&reference.image);
    assert_near("output", net.predict(&image).as_slice(), &reference.output);

    let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("without_bias.safetensors");
    checkpoint::save(&net, &copy).expect("the folder can be written to");
    assert_eq!(fs::read(copy).expect("it was saved").len(), fs::read(path).expect("it was loaded").len());
}

#[test]
fn optimizers() {
    check_optimizer("sgd", Sgd::new(0.1), |sgd, rate| sgd.learning_rate = rate);
    check_optimizer("momentum", Momentum::new(0.1, 0.9), |momentum, rate| momentum.learning_rate = rate);
    check_optimizer("nesterov", Nesterov::new(0.1, 0.9), |nesterov, rate| nesterov.learning_rate = rate);
    check_optimizer("adam", Adam::new(0.1), |adam, rate| adam.learning_rate = rate);
    check_optimizer("adam_w", AdamW::new(0.1), |adam_w, rate| adam_w.learning_rate = rate);
    check_optimizer("rms_prop", RmsProp::new(0.1), |rms_prop, rate| rms_prop.learning_rate = rate);
    check_optimizer("ada_grad", AdaGrad::new(0.1), |ada_grad, rate| ada_grad.learning_rate = rate);
}

/// Checks output and gradient of the input; the result is the gradient of the parameters.
fn check_layer<L: Layer<f64>>(name: &str, layer: &L) -> L {
    let reference = &REFERENCE.functions[name];
    let output = forward(layer, &reference.inputs[0]);
    assert_close(name, &output, &reference.output);
    let (d_input, gradients) = backward(layer, &reference.inputs[0], &output, &reference.d_output);
    assert_close(&format!("d_input of {name}"), &d_input, &reference.d_inputs[0]);
    gradients
}

/// Checks a layer with the parameters of the reference, all its gradients, and its statistics after a step.
fn check_module<L: Layer<f64> + Trainable<Scalar = f64>>(name: &str) {
    check_parameters::<L, f64>(name, &REFERENCE.layers[name].input);
}

/// The same for a layer of indices.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small whole numbers")]
fn check_indexed<L: Layer<f64, usize> + Trainable<Scalar = f64>>(name: &str) {
    let indices: Vec<usize> = REFERENCE.layers[name].input.iter().map(|&index| index as usize).collect();
    check_parameters::<L, usize>(name, &indices);
}

fn check_parameters<L: Layer<f64, X> + Trainable<Scalar = f64>, X: Copy>(name: &str, input: &[X]) {
    let reference = &REFERENCE.layers[name];
    let mut layer = L::init_with(Init::Default, &mut SmallRng::seed_from_u64(1));
    for (tensor, parameter) in reference.parameters.iter().enumerate() {
        layer.tensor_mut(tensor).copy_from_slice(parameter);
        assert_eq!(L::info(tensor).dims.iter().product::<usize>(), parameter.len());
    }
    let gradients = check_gradients(name, &layer, input, L::state());
    for (tensor, expected) in reference.d_parameters.iter().enumerate() {
        assert_near(&format!("d_{} of {name}", L::info(tensor).name), gradients.tensor(tensor), expected);
    }
    Sgd::new(0.1).step(&mut layer, &gradients);
    let statistics = (0..L::TENSORS).filter(|&tensor| L::info(tensor).role == Role::Statistic);
    for (tensor, expected) in statistics.zip(&reference.statistics) {
        assert_near(&format!("{} of {name}", L::info(tensor).name), layer.tensor(tensor), expected);
    }
}

/// Checks output and gradient of the input in training.
fn check_function<L: Layer<f64>>(name: &str, layer: &L) {
    check_gradients(name, layer, &REFERENCE.layers[name].input, layer.clone());
}

/// The same for a layer with parameters; the result is their gradient.
fn check_gradients<L: Layer<f64, X>, X: Copy>(name: &str, layer: &L, input: &[X], mut gradients: L) -> L {
    let reference = &REFERENCE.layers[name];
    let nan = |len: usize| vec![f64::NAN; len * SAMPLES];
    let (mut output, mut cache, mut scratch) = (nan(L::Output::LEN), nan(L::CACHE), nan(L::SCRATCH));
    scratch.extend([f64::NAN].repeat(L::SCRATCH_ONCE));
    let input = Batch::new(input, SAMPLES);
    layer.train(input, BatchMut::new(&mut output, SAMPLES), &mut cache, Seed::ZERO);
    assert_near(name, &output, &reference.output);

    let mut d_input = vec![f64::NAN; reference.d_input.len()];
    let forward =
        Forward { input, output: Batch::new(&output, SAMPLES), cache: &cache, mode: Mode::Training(Seed::ZERO) };
    let d_output = Batch::new(&reference.d_output, SAMPLES);
    let into = (!d_input.is_empty()).then(|| BatchMut::new(&mut d_input, SAMPLES));
    layer.backward(forward, d_output, into, Some(&mut gradients), &mut scratch);
    assert_near(&format!("d_input of {name}"), &d_input, &reference.d_input);
    gradients
}

fn check_operator(name: &str, operator: impl Binary<f64>) {
    let reference = &REFERENCE.functions[name];
    let [left, right] = [0, 1].map(|index| Batch::<_, S>::new(&reference.inputs[index], SAMPLES));
    let (mut cache, mut d_inputs) = ([0.0; ROWS * SAMPLES], [f64::NAN; 2 * ROWS * SAMPLES]);
    let output = Tape::new(&mut cache, SAMPLES, Mode::Inference).binary(operator, left, right);
    assert_close(name, output.as_slice(), &reference.output);

    let mut slots = Slots::new(&mut [], Some(&mut d_inputs), SAMPLES);
    let d_output = Batch::new(&reference.d_output, SAMPLES);
    slots.input::<S>().left(operator, left, right, d_output);
    slots.input::<S>().right(operator, left, right, d_output);
    assert_close(&format!("d_inputs of {name}"), &d_inputs, &reference.d_inputs.concat());
}

fn check_loss(name: &str, loss: impl Loss<f64>) {
    let reference = &REFERENCE.losses[name];
    let (value, d_scores) = match &reference.target {
        Values::Classes(indices) => evaluate(loss, &reference.scores, &classes(indices)),
        Values::Dense(target) => evaluate(loss, &reference.scores, &dense(&columns(target))),
    };
    assert_close(name, &[value], &[reference.loss]);
    assert_close(&format!("d_scores of {name}"), &d_scores, &reference.d_scores);
}

/// Checks the parameters after each step.
fn check_optimizer<O: Optimizer<Moved>>(name: &str, mut optimizer: O, set_rate: fn(&mut O, f64)) {
    let reference = &REFERENCE.optimizers;
    let run = &reference.runs[name];
    let mut net = moved(&reference.start);
    for (step, gradients) in reference.gradients.iter().enumerate() {
        set_rate(&mut optimizer, run.learning_rates[step]);
        optimizer.step(&mut net, &moved(gradients));
        let found = [net.weight.as_slice(), net.bias.as_slice()].concat();
        assert_close(&format!("{name}, step {step}"), &found, &run.parameters[step]);
    }
}

fn moved(scalars: &[f64]) -> Moved {
    let (weight, bias) = scalars.split_at(15);
    affine_of(&[weight.to_vec(), bias.to_vec()])
}

fn affine_of<const I: usize, const O: usize>(parameters: &[Vec<f64>]) -> Affine<f64, I, O> {
    let mut affine = Affine::<f64, I, O>::zeros();
    affine.weight.as_mut_slice().copy_from_slice(&parameters[0]);
    affine.bias.as_mut_slice().copy_from_slice(&parameters[1]);
    affine
}

fn classes(indices: &[usize]) -> Target<'_, f64> {
    IntoTarget::<f64, SoftmaxCrossEntropy, ROWS, 1, Dyn>::into_target(indices)
}

fn dense(target: &OMatrix<f64, Const<ROWS>, Dyn>) -> Target<'_, f64> {
    IntoTarget::<f64, MeanSquaredError, ROWS, 1, Dyn>::into_target(target)
}

fn columns(scalars: &[f64]) -> OMatrix<f64, Const<ROWS>, Dyn> {
    OMatrix::<f64, Const<ROWS>, Dyn>::from_column_slice(scalars)
}

fn evaluate(loss: impl Loss<f64>, scores: &[f64], target: &Target<'_, f64>) -> (f64, Vec<f64>) {
    let mut d_scores = vec![f64::NAN; scores.len()];
    let value = loss.evaluate(scores, target, scores.len() / SAMPLES, Some(&mut d_scores));
    (value, d_scores)
}

fn forward<L: Layer<f64>>(layer: &L, input: &[f64]) -> Vec<f64> {
    let mut output = vec![f64::NAN; L::Output::LEN * SAMPLES];
    layer.forward(Batch::new(input, SAMPLES), BatchMut::new(&mut output, SAMPLES), &mut []);
    output
}

/// The gradients of input and parameters.
fn backward<L: Layer<f64>>(layer: &L, input: &[f64], output: &[f64], d_output: &[f64]) -> (Vec<f64>, L) {
    let (mut d_input, mut gradients) = (vec![f64::NAN; input.len()], layer.clone());
    let forward = Forward {
        input: Batch::new(input, SAMPLES),
        output: Batch::new(output, SAMPLES),
        cache: &[],
        mode: Mode::Training(Seed::ZERO),
    };
    let into = BatchMut::new(&mut d_input, SAMPLES);
    layer.backward(forward, Batch::new(d_output, SAMPLES), Some(into), Some(&mut gradients), &mut []);
    (d_input, gradients)
}

/// Asserts that the numbers agree, up to what the order of sums makes of terms near 1.
#[track_caller]
fn assert_near(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() <= 1e-12, "{name}, scalar {index}: found {found:e}, expected {expected:e}");
    }
}

/// Asserts that the numbers agree to 12 digits, or to the last digit of a 1 that something was subtracted from.
#[track_caller]
fn assert_close(name: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let close = (found - expected).abs() <= 1e-12 * expected.abs() + 1e-15;
        assert!(close, "{name}, scalar {index}: found {found:e}, expected {expected:e}");
    }
}
