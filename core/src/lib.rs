//! Neural networks whose every size is known to the compiler.
//!
//! [`network!`] turns a declaration into a struct of statically sized [nalgebra] matrices with generated forward and
//! backward code. A size that does not fit is a compile error that names the layer and both numbers.
//!
//! ```
//! use constgrad::prelude::*;
//! use constgrad::rand::SeedableRng;
//! use constgrad::rand::rngs::SmallRng;
//!
//! network! {
//!     /// Which of two classes a point of the plane belongs to.
//!     #[loss(softmax_cross_entropy)]
//!     pub struct Classifier(x: [2]) -> [2] {
//!         x.affine(8).tanh().affine(2)
//!     }
//! }
//!
//! let mut net = Classifier::<f32>::init(&mut SmallRng::seed_from_u64(1));
//! let x = SMatrix::<f32, 2, 4>::new(0., 0., 1., 1., 0., 1., 0., 1.); // a sample a column
//! let labels = [0_u8, 1, 1, 0]; // exclusive or
//! let mut sgd = Sgd::new(0.5);
//! for _ in 0..1000 {
//!     let (_loss, gradients) = net.gradient(&x, &labels);
//!     sgd.step(&mut net, &gradients);
//! }
//! assert_eq!(net.accuracy(&x, &labels), 1.0);
//! let scores: SVector<f32, 2> = net.predict(&SVector::<f32, 2>::new(1., 0.));
//! assert!(scores[1] > scores[0]);
//! ```
//!
//! # The language
//!
//! ```
//! # use constgrad::prelude::*;
//! const HIDDEN: usize = 32;
//!
//! network! {
//!     /// A residual block of any width.
//!     pub struct Block<const D: usize>(x: [D]) -> [D] {
//!         (x + x.affine(D).relu().affine(D)).relu()
//!     }
//! }
//!
//! network! {
//!     #[loss(huber(delta = 0.5))]
//!     pub struct Pilot(image: [1, 8, 8], speed: [1]) -> [2] {
//!         let seen = image.flatten().affine(2 * HIDDEN).leaky_relu(slope = 0.1);
//!         let thought: [64] = seen.net::<Block<64>>();
//!         let gate = concat(thought, speed).affine(64).sigmoid();
//!         (thought * gate).affine(2)
//!     }
//! }
//!
//! network! {
//!     #[loss(softmax_cross_entropy)]
//!     pub struct LeNet(x: [1, 28, 28]) -> [10] {
//!         let c1: [6, 12, 12] = x.conv2d(6, kernel = 5).relu().max_pool2d(2);
//!         let c2 = c1.conv2d(16, kernel = 5).relu().max_pool2d(2);
//!         c2.flatten().affine(120).relu().affine(84).relu().affine(10)
//!     }
//! }
//!
//! network! {
//!     /// A transformer block over 16 positions of 32 scalars.
//!     pub struct Transformer(x: [16, HIDDEN]) -> [16, HIDDEN] {
//!         let seen = x + x.layer_norm().multi_head_attention(4, causal = true);
//!         seen + seen.layer_norm().affine(4 * HIDDEN).gelu().affine(HIDDEN)
//!     }
//! }
//! ```
//!
//! A declaration has a name, named inputs with the shape of one sample, the shape of the output, and a body: `let`s and a
//! final expression. Shapes have one to three dimensions. A size is a number, a path to a `const`, arithmetic on those, or
//! a const parameter of the network; stable Rust has no arithmetic on const parameters, so these stand by themselves.
//! Sizes between the input and the output are inferred. `let h: [64] = …` and `x.affine::<784, 50>()` assert them.
//!
//! An input holds scalars or, declared as `text: [usize; 64]`, indices: of words, characters, categories. `embedding` makes a
//! vector of each.
//!
//! | expression | is |
//! |---|---|
//! | `x.affine(outputs, bias = true)` | [`Affine`](layer::Affine): fully connected, `[I]` to `[O]` |
//! | `text.embedding(indices, size)` | [`Embedding`](layer::Embedding): `[usize; L]` to `[L, D]` |
//! | `x.conv2d(channels, kernel = 3, stride = 1, padding = 0, dilation = 1, groups = 1, bias = true)`, `.conv1d(…)` | [`Conv`](layer::Conv): `[C, H, W]` to `[O, …]`, `[C, L]` to `[O, …]` |
//! | `x.conv_transpose2d(channels, kernel = 2, …)` | [`ConvTranspose`](layer::ConvTranspose), with the same options |
//! | `x.max_pool2d(2, stride = 2, padding = 0)`, `.avg_pool2d(2, …)`, `.max_pool1d(2, …)` | [`MaxPool`](layer::MaxPool), [`AvgPool`](layer::AvgPool); moved by their size unless said otherwise |
//! | `x.global_avg_pool()` | [`GlobalAvgPool`](layer::GlobalAvgPool): `[C, H, W]` to `[C]` |
//! | `x.upsample2d(2)`, `.zero_pad2d(1)` | [`Upsample`](layer::Upsample), [`ZeroPad`](layer::ZeroPad), for `[C, H, W]` |
//! | `x.batch_norm(momentum = 0.1, epsilon = 1e-5)` | [`BatchNorm`](layer::BatchNorm), for `[C]`, `[C, L]` or `[C, H, W]` |
//! | `x.layer_norm(epsilon = 1e-5)`, `.rms_norm(epsilon = 1e-5)` | [`LayerNorm`](layer::LayerNorm), [`RmsNorm`](layer::RmsNorm), for a vector |
//! | `x.dropout(rate = 0.5)` | [`Dropout`](layer::Dropout), for any shape: a training step then takes a random generator |
//! | `x.multi_head_attention(heads, causal = false)` | [`MultiHeadAttention`](layer::MultiHeadAttention), for `[L, D]` |
//! | `x.rnn(size)`, `.lstm(size)`, `.gru(size)` | [`Rnn`](layer::Rnn), [`Lstm`](layer::Lstm), [`Gru`](layer::Gru): `[L, D]` to `[L, H]` |
//! | `x.sinusoidal_positions()`, `.learned_positions()` | [`SinusoidalPositions`](layer::SinusoidalPositions), [`LearnedPositions`](layer::LearnedPositions): added to `[L, D]` |
//! | `x.last()` | the last position, `[L, D]` to `[D]` |
//! | `x.relu()`, `.leaky_relu(slope = 0.01)`, `.prelu()`, `.elu(alpha = 1.0)`, `.gelu()`, `.silu()`, `.softplus()`, `.sigmoid()`, `.hard_sigmoid()`, `.tanh()` | [activations](activation), for any shape |
//! | `x.abs()`, `.square()`, `.sqrt()`, `.exp()`, `.ln()`, `.sin()`, `.cos()` | functions of each scalar, for any shape |
//! | `x.softmax()`, `.log_softmax()` | [`Softmax`](layer::Softmax), [`LogSoftmax`](layer::LogSoftmax), for a vector; a loss with softmax holds it already |
//! | `x.flatten()`, `.reshape([1, 28, 28])` | the same scalars as a vector, or in another shape |
//! | `a + b`, `a - b`, `a * b`, `a / b` | scalar by scalar; a smaller operand is repeated, as below |
//! | `concat(a, b, …, axis = 0)` | joined along an axis |
//! | `let (a, b) = x.split([3, 5], axis = 0);` | the parts along an axis, a name each |
//! | `attention(queries, keys, values, causal = false)` | [`Attention`](layer::Attention): `[L, D]`, `[M, D]` and `[M, E]` to `[L, E]` |
//! | `b.shared(affine1)` | the layer of that name, applied before, once more: with the same parameters |
//! | `x.map(Swish { slope: 1.5 })` | [an activation of your own](activation::Activation), for any shape |
//! | `x.net::<Block<64>>()` | another declared network, or [a layer of your own](Layer) |
//!
//! A value may be used more than once: its gradients add up. Each must be used. Sizes of kernels, strides and the like are
//! one number for rows and columns alike, or a pair, such as `kernel = [3, 5]`. A layer of vectors takes a sequence `[L, D]` too,
//! each position by itself, and `softmax_cross_entropy` an output `[L, CLASSES]`, a class at each position.
//!
//! **Fixed parameters.** `#[frozen]` before a `let` makes its layers [`Frozen`](layer::Frozen): what was trained elsewhere is
//! used as it is. Gradients and optimizers neither compute nor hold anything for it.
//!
//! **Initial weights.** Every layer that draws weights takes `init = …`: `he`, `xavier`, `normal(std = 0.02)`,
//! `uniform(bound = 0.1)`, `orthogonal` or `orthogonal(gain = 1.4)`, as [`Init`] defines them. Without it `affine` and convolutions
//! are drawn for the activation that follows them, and other layers as their documentation says. `bias = false` leaves out the
//! bias of `affine` or a convolution: there is no such tensor then.
//!
//! **Operands of two shapes.** One operand of `+`, `-`, `*` or `/` is repeated to the shape of the other where the shapes say
//! along which axes: a vector `[N]` along all but the one of size `N`, `[1]` along all, and a shape with as many dimensions
//! where it has a 1. So `image * gates` weighs channels, `[C, H, W]` by `[C]`, and `sequence + bias` adds `[D]` to each
//! position of `[L, D]`. A vector that is as long as two axes has to say which is meant: `gates.reshape([8, 1, 1])`. Sizes are
//! compared as they are written: a `const` is equal to itself only.
//!
//! **Training and prediction.** `gradient` and its kin are training steps: `batch_norm` looks at the batch, `dropout` draws
//! random numbers, and where something is random they take `&mut rng` after the target. A network around another that is
//! random says `#[random]`. `predict`, `loss` and `accuracy` are predictions: nothing is random, and no sample changes
//! another.
//!
//! **Losses**, `#[loss(…)]`: [`softmax_cross_entropy(label_smoothing = 0.0, class_weights = [1.0, 5.0])`](loss::SoftmaxCrossEntropy),
//! [`binary_cross_entropy_with_logits`](loss::BinaryCrossEntropyWithLogits),
//! [`mean_squared_error`](loss::MeanSquaredError), [`mean_absolute_error`](loss::MeanAbsoluteError),
//! [`huber(delta = 1.0)`](loss::Huber), [`kl_divergence`](loss::KlDivergence), or one of your own by its value, such as
//! `Quantile { share: 0.9 }`: [of single scores](loss::ScoreLoss), or [any other](loss::Loss). A network without one is a
//! computational graph with `predict` and `backward`.
//!
//! **Names.** Each layer with parameters is a field: `affine1`, `affine2`, `net1`, numbered by kind in order of
//! appearance. A `let` whose expression holds exactly one of them gives it its name: above, `seen`, `thought`, `gate`
//! and `affine3`.
//!
//! **Attributes** stand on the struct: documentation, `#[cfg(…)]` and `#[cfg_attr(…)]` for all that is generated,
//! `#[deprecated]`, `#[must_use]` and others as on any struct. An input or a `let` has no condition: declare the network twice.
//!
//! # What a declaration generates
//!
//! `Classifier<T>` is a small struct with one field a layer with parameters; `T` is `f32` unless said otherwise. Its
//! gradients, and every other state with a number for each parameter, have the same type. `x` is any nalgebra matrix with
//! a sample a column: one sample, a batch of static size, a batch of run-time size (`Dyn`), or a view of one.
//!
//! | call | is |
//! |---|---|
//! | `Classifier::init(&mut rng)` | a fresh network, its weights drawn as declared, or for the activation that follows each layer |
//! | `Classifier::init_with(Init::Orthogonal { gain: 1.0 }, &mut rng)` | one whose weights are all drawn [in that way](Init) |
//! | `net.predict(&x)` | the output, with the same number of columns |
//! | `net.loss(&x, t)`, `net.accuracy(&x, t)` | the mean over the batch; `t` is a matrix, or class indices as `&[usize]` or `&[u8]`, for a sequence also as a matrix of `usize`; [`weighted`]`(t, &weights)` gives each sample a weight |
//! | `net.gradient(&x, t)` | the loss and its gradients by the parameters |
//! | `net.input_gradient(&x, t)` | those, and the gradients by the inputs, by name |
//! | `net.forward(&x, &mut workspace)` | a [pass](ForwardPass): its output, and later, from the gradient of that, the gradients: for a loss with data of its own |
//! | `net.forward_inference(&x, &mut workspace)` | the same as in prediction |
//! | `net.jacobian(&x)` | the derivatives of each scalar of the output by each of the input, for one sample |
//! | `net.backward(&x, &d_output)` | both gradients, from that of the output |
//! | `Classifier::workspace(samples)`, `net.gradient_in(&x, t, &mut workspace)` | the same without an allocation |
//! | `Classifier::summary()` | a [table](Summary) of layers, shapes, parameters and multiply-adds |
//! | `net.numerical_gradient(&x, t)`, `net.grad_check(&x, t)` | central differences, and how far back-propagation is from them |
//!
//! Under `cargo test` each declared network
//! checks its own gradients in `f64`; `#[no_gradient_test]` turns that off.
//!
//! # Optimizers
//!
//! An [`Optimizer`] moves a network by its gradients: `optimizer.step(&mut net, &gradients)`. What it remembers of each
//! parameter has the network's own type; its settings are public fields, which may change from step to step.
//!
//! | optimizer | divides by | remembers |
//! |---|---|---|
//! | [`Sgd::new(learning_rate)`](Sgd) | | nothing |
//! | [`Momentum::new(learning_rate, momentum)`](Momentum), [`Nesterov::new(learning_rate, momentum)`](Nesterov) | | a velocity |
//! | [`AdaGrad::new(learning_rate)`](AdaGrad) | the root of the sum of squared gradients | the sum |
//! | [`RmsProp::new(learning_rate)`](RmsProp) | the root of their mean | the mean |
//! | [`Adam::new(learning_rate)`](Adam), [`AdamW::new(learning_rate)`](AdamW) | the root of their mean | the mean, and that of the gradients |
//!
//! ```
//! # use constgrad::prelude::*;
//! # network! { #[loss(mean_squared_error)] #[no_gradient_test] pub struct Line(x: [1]) -> [1] { x.affine(1) } }
//! # let mut net = Line::<f32>::zeros();
//! # let (x, target) = (SMatrix::<f32, 1, 3>::new(0., 1., 2.), SMatrix::<f32, 1, 3>::new(1., 3., 5.));
//! let mut adam = AdamW { weight_decay: 0.0, ..AdamW::new(0.1) };
//! for step in 0..200 {
//!     adam.learning_rate = 0.1 / (1.0 + 0.01 * step as f32);
//!     let (_loss, gradients) = net.gradient(&x, &target);
//!     adam.step(&mut net, &gradients);
//! }
//! assert!(net.loss(&x, &target) < 0.01);
//! ```
//!
//! # Generic code
//!
//! A function over `N: Network` does what a declared network can, with the functions of [`run`]: they take slices, or matrices
//! whose number of rows is known at run time, and look at their sizes when they are called. Networks as vectors, such as a
//! moving average, are the methods of [`Parameters`] and [`Trainable`]: a function that trains is one over
//! `N: Network + Trainable`.
//!
//! ```
//! use constgrad::prelude::*;
//! use constgrad::run;
//!
//! /// The mean loss of the two halves of a batch of one number a sample.
//! fn halves<N: Network<Scalar = f32>>(net: &N, x: &[f32], target: &[f32]) -> [f32; 2] {
//!     let middle = x.len() / 2;
//!     [run::loss(net, &x[..middle], &target[..middle]), run::loss(net, &x[middle..], &target[middle..])]
//! }
//!
//! network! { #[loss(mean_squared_error)] pub struct Line(x: [1]) -> [1] { x.affine(1) } }
//!
//! assert_eq!(halves(&Line::zeros(), &[0.0, 1.0], &[1.0, 3.0]), [1.0, 9.0]);
//! ```
//!
//! Networks of several types fit in one list as `Box<dyn` [`AnyNetwork`]`<f32>>`.
//!
//! # Parts of your own
//!
//! What the parts of this crate use is public, so one of yours does and costs the same:
//!
//! | yours | is |
//! |---|---|
//! | an activation | an [`Activation`](activation::Activation): a formula for the value and one for the gradient; used as `x.map(…)` |
//! | a loss of single scores | a [`ScoreLoss`](loss::ScoreLoss): the same for one score and its target |
//! | any other loss | a [`Loss`](loss::Loss): what a batch costs; class indices and weights of samples are there for it |
//! | an optimizer | an [`Optimizer`]: what happens to one tensor, perhaps as a [`Formula`] |
//! | a layer | a [`Layer`] with its [`Parameters`], which are [`Trainable`]; the [`kernels`] are its inner loops; used as `x.net::<…>()` |
//!
//! Formulas are written on [`Vector`]s as if each were a number. The attribute [`compiled`] compiles them where they stand, for
//! `f32` and `f64` and for the vector instructions that a processor may have.
//!
//! # Keeping what was trained
//!
//! With the feature `safetensors`, the module `checkpoint` saves and loads whatever has [`Parameters`], in the format of
//! that name. A file is replaced whole or not at all, and one that is damaged, or of another network, is refused with a
//! list of what differs. `PyTorch` reads what is saved, and a `state_dict` whose modules are named like the fields loads.
//! What an optimizer remembers is saved the same way, so that training can go on.
//!
#![cfg_attr(feature = "safetensors", doc = "```")]
#![cfg_attr(not(feature = "safetensors"), doc = "```ignore")]
//! # use constgrad::prelude::*;
//! # network! { #[no_gradient_test] pub struct Classifier(x: [2]) -> [2] { x.affine(8).tanh().affine(2) } }
//! # use constgrad::rand::{SeedableRng, rngs::SmallRng};
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("classifier.safetensors");
//! # let net = Classifier::<f32>::init(&mut SmallRng::seed_from_u64(1));
//! use constgrad::checkpoint;
//!
//! checkpoint::save(&net, &path)?;
//! let same: Classifier = checkpoint::load(&path)?;
//! assert_eq!(same, net);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Speed, memory, reproducibility
//!
//! The inner loops choose the machine's vector instructions at run time: no flag is needed in a release build. They are
//! compiled with this crate, not with yours, so that your debug build is fast too. For that say `[profile.dev.package."*"]` `opt-level = 3` in `Cargo.toml`. Parameters live on the heap and never cross
//! the stack; inference of one sample allocates nothing, unless its values take more than 4096 scalars, and neither does
//! a training step with a workspace: [`Workspace::bytes`] is the memory that it needs. A view with gaps between its scalars
//! or columns is copied first.
//!
//! The same seed gives the same bits on the same machine, on any number of threads and whatever else these do. In how many
//! parts a batch is taken through a network for its gradient, which are then added up, follows from the network and the size
//! of the batch alone. Sums over a batch are good to six digits in `f32` however large it is.
//!
//! Subnormal numbers, in `f32` those below `1.2e-38`, make many processors slow: a step of 784-50-10 with inputs of `1e-40`
//! was seen to take 52 ms instead of 184 µs, though on another processor no longer than usual. Scale such inputs. Neither the
//! gradient of `softmax_cross_entropy` nor what optimizers and `batch_norm`
//! remember becomes subnormal; weights, and outputs of functions such as `exp`, can.
//!
//! # Features
//!
//! - `std`, on by default, brings [data sets](idx) and run-time detection of vector instructions. Without it the crate is
//!   `no_std` and needs `alloc`.
//! - `rayon` divides large batches, products and updates between the threads of rayon's pool: the global one, whose size is
//!   `RAYON_NUM_THREADS`, or the one that installed the caller. Small work stays on the caller's thread.
//! - `safetensors` brings `checkpoint`, networks in files.
#![cfg_attr(not(feature = "std"), no_std)]
#![doc(test(attr(deny(warnings))))]

extern crate alloc;
// Generated code says `::constgrad`, here too.
extern crate self as constgrad;

pub mod activation;
mod any_network;
mod batch;
mod buffer;
#[cfg(feature = "safetensors")]
pub mod checkpoint;
mod columns;
mod counted;
mod declare;
#[cfg(feature = "std")]
mod file;
mod formulas;
mod forward_pass;
mod gradient_check;
#[cfg(feature = "std")]
pub mod idx;
mod init;
mod input;
mod input_gradients;
mod into_target;
mod jacobian;
pub mod layer;
pub mod loss;
mod message;
mod mode;
mod network;
mod operator;
mod optimizer;
mod parameters;
mod part;
pub mod prelude;
pub mod run;
mod scalar;
mod shape;
mod step;
mod summary;
mod tape;
mod target;
mod tensor;
mod tensor_info;
#[cfg(test)]
mod testing;
mod trainable;
mod workspace;

pub use any_network::AnyNetwork;
pub use batch::{Batch, BatchMut};
pub use constgrad_kernels as kernels;
pub use constgrad_kernels::{Formula, Mask, Precision, Real, Simd, Term, Vector};
pub use constgrad_macros::compiled;
pub use forward_pass::ForwardPass;
pub use gradient_check::{Comparison, GradCheck, GradientReport, TensorReport};
pub use init::Init;
pub use input::{Input, IntoInputs};
pub use into_target::{IntoTarget, Weighted, weighted};
pub use layer::{Forward, Layer};
pub use mode::{Mode, Seed};
pub use network::{LayerInfo, Network, Pass, Port};
pub use optimizer::{AdaGrad, Adam, AdamW, Momentum, Nesterov, Optimizer, RmsProp, Sgd, Update};
pub use parameters::Parameters;
pub use scalar::Scalar;
pub use shape::{ImageShape, Rank1, Rank2, Rank3, Shape, VectorShape};
pub use summary::Summary;
pub use target::{Classes, Target};
pub use tensor::Tensor;
pub use tensor_info::{Layout, Role, TensorInfo, TensorName};
pub use trainable::Trainable;
pub use workspace::Workspace;

/// The matrices that networks are made of, in the version that this crate uses.
pub use nalgebra;
/// Random generators, in the version that this crate uses.
pub use rand;

/// What generated code calls; not for use by hand, and free to change.
#[doc(hidden)]
pub mod __private;
