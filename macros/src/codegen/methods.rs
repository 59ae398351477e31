//! What is called on a network: constructors, prediction, loss and gradients.

use proc_macro2::{Ident, TokenStream};
use quote::format_ident;

use super::inputs;
use super::strukt::{code, input_code};
use crate::catalogue::BATCH_NORM;
use crate::graph::{Accuracy, Graph, Loss, Op};
use crate::shape::{Dim, Shape};
use crate::syntax::Element;

pub(super) fn methods(graph: &Graph) -> TokenStream {
    let init = init(graph);
    let of_loss = graph.loss.iter().map(|loss| of_loss(graph, loss));
    let methods =
        [predict(graph), jacobian(graph), forward(graph), backward(graph), workspace(graph)].into_iter().chain(of_loss);
    let methods = inherent(graph, &methods.collect());
    let summary = summary(graph);
    tokens!(#init #methods #summary)
}

/// `impl` with `methods`, which need not all be called.
fn inherent(graph: &Graph, methods: &TokenStream) -> TokenStream {
    let name = &graph.name;
    let generics = graph.generics();
    let (parameters, arguments, bounds) = generics.split_for_impl();
    tokens! {
        #[allow(dead_code, non_snake_case, clippy::all, clippy::pedantic)]
        impl #parameters #name #arguments #bounds {
            #methods
        }
    }
}

/// The constructor.
pub(super) fn init(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let doc = if graph.fields().is_empty() {
        " The network, which has no parameters: nothing is drawn."
    } else {
        " A fresh network: weights drawn as its declaration says or as suits each layer, biases zero."
    };
    let method = tokens! {
        #[doc = #doc]
        #vis fn init(rng: &mut (impl #p::rand::Rng + ?#p::core::marker::Sized)) -> Self {
            #p::Trainable::init_with(#p::Init::Default, rng)
        }
    };
    inherent(graph, &method)
}

fn predict(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let Signature { docs, parameters, samples } = Signature::new(graph);
    let len = graph.output_shape.len(&graph.krate);
    let summary = format!(" The output, {} a sample, one sample a column.", code(&graph.output_shape));
    let first = graph.inputs().map(|input| &input.name).take(1);
    let several = graph.inputs().count() > 1;
    let panics = panics(&[
        several.then_some("the inputs differ in their number of samples"),
        has_indices(graph).then_some("an index does not exist"),
    ]);
    tokens! {
        #[doc = #summary]
        #docs
        #panics
        #[must_use]
        #[track_caller]
        #vis fn predict<Columns>(&self, #parameters) -> #p::nalgebra::OMatrix<T, #p::nalgebra::Const<#len>, Columns>
        where
            Columns: #p::nalgebra::Dim,
            #p::nalgebra::DefaultAllocator: #p::nalgebra::allocator::Allocator<#p::nalgebra::Const<#len>, Columns>,
        {
            #p::predict_columns(self, &#samples, #(#first.shape_generic().1)*)
        }
    }
}

fn backward(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let Signature { docs, parameters, samples } = Signature::new(graph);
    let Random { doc: random_doc, parameter: rng, seed } = Random::new(graph);
    let d_output_doc = format!(" - `d_output`: the gradient of the output, {} a sample", code(&graph.output_shape));
    let columns = tokens!(Columns);
    let d_output = matrix(graph, &tokens!(T), &graph.output_shape.len(&graph.krate), &columns);
    let name = graph.inputs_name();
    let generics = graph.generics();
    let (_, arguments, _) = generics.split_for_impl();
    let panics = panics(&[
        Some("the matrices differ in their number of columns"),
        has_indices(graph).then_some("an index does not exist"),
        of_training(graph),
    ]);
    tokens! {
        /// The gradients by the parameters and by the inputs, from the gradient of the output.
        #docs
        #[doc = #d_output_doc]
        #random_doc
        #panics
        #[must_use]
        #[track_caller]
        #vis fn backward<Columns: #p::nalgebra::Dim>(&self, #parameters d_output: &#d_output, #rng) -> (Self, #name #arguments) {
            #p::backward_columns(self, &#samples, d_output, #seed)
        }
    }
}

/// For a network with an input of scalars.
fn jacobian(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let outputs = graph.output_shape.len(&graph.krate);
    let by: Vec<_> = inputs::with_gradients(graph).collect();
    let jacobians: Vec<_> = by
        .iter()
        .map(|input| {
            let len = input.shape.len(&graph.krate);
            tokens!(#p::Tensor<T, #outputs, #len>)
        })
        .collect();
    let (result, value) = match &jacobians[..] {
        [] => return TokenStream::new(),
        [only] => (only.clone(), tokens!(jacobians.take())),
        several => {
            let each = several.iter().map(|_| tokens!(jacobians.take()));
            (tokens!((#(#several),*)), tokens!((#(#each),*)))
        }
    };
    let names = by.iter().map(|input| format!("`{}`", input.text())).collect::<Vec<_>>().join(", ");
    let summary = format!(
        " The derivative of each scalar of the output, in prediction, by each of {names}: a row for each of the output{}.",
        if by.len() > 1 { ", a matrix for each input" } else { "" }
    );
    let docs = graph.inputs().enumerate().map(|(index, input)| {
        let doc = format!(" - `{}`: {} of one sample", input.text(), input_code(graph, index));
        tokens!(#[doc = #doc])
    });
    let panics = panics(&[has_indices(graph).then_some("an index does not exist")]);
    let one = tokens!(#p::nalgebra::Const<1>);
    let parameters = matrices(graph, one).map(|(name, matrix)| tokens!(#name: &#matrix,));
    let samples = Signature::new(graph).samples;
    tokens! {
        #[doc = #summary]
        #[doc = ""]
        #(#docs)*
        #panics
        #[must_use]
        #[track_caller]
        #vis fn jacobian(&self, #(#parameters)*) -> #result {
            let mut jacobians = #p::Jacobians::of(self, &#samples);
            #value
        }
    }
}

/// The passes in training and in prediction.
fn forward(graph: &Graph) -> TokenStream {
    let random = Random::new(graph);
    let training = pass(
        graph,
        "forward",
        " A training pass: its output, and later, from the gradient of that, those of the parameters. Nothing is allocated.",
        Some(&random),
    );
    let inference = pass(
        graph,
        "forward_inference",
        " The same pass as in prediction: nothing is random, and `batch_norm` takes its running statistics.",
        None,
    );
    tokens!(#training #inference)
}

fn pass(graph: &Graph, name: &str, doc: &str, random: Option<&Random>) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let name = format_ident!("{name}");
    let Signature { docs, samples, .. } = Signature::new(graph);
    let parameters = matrices(graph, tokens!(Columns)).map(|(name, matrix)| tokens!(#name: &'n #matrix,));
    let (random_doc, rng) = random.map(|random| (&random.doc, &random.parameter)).unzip();
    let mode = match random {
        Some(Random { seed, .. }) => tokens!(#p::Mode::Training(#seed)),
        None => tokens!(#p::Mode::Inference),
    };
    let (inputs, len) = (graph.inputs().count(), graph.output_shape.len(&graph.krate));
    let several = inputs > 1;
    let panics = panics(&[
        several.then_some("the inputs differ in their number of samples"),
        has_indices(graph).then_some("an index does not exist"),
        random.and_then(|_| of_training(graph)),
        Some("the workspace is for fewer samples"),
    ]);
    tokens! {
        #[doc = #doc]
        #docs
        #random_doc
        #panics
        #[track_caller]
        #vis fn #name<'n, 'w, Columns: #p::nalgebra::Dim>(
            &'n self,
            #(#parameters)*
            #rng
            workspace: &'w mut #p::Workspace<Self>,
        ) -> #p::ForwardPass<'n, 'w, Self, #inputs, #p::nalgebra::Const<#len>> {
            #p::forward_columns(self, #samples, #mode, workspace)
        }
    }
}

fn workspace(graph: &Graph) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    tokens! {
        /// All buffers of a training step with batches of up to `samples` samples.
        #[must_use]
        #vis fn workspace(samples: #p::usize) -> #p::Workspace<Self> {
            #p::Workspace::new(samples)
        }
    }
}

/// Of the network over `f32` alone: no argument says which scalar is meant, and the table is the same for each.
fn summary(graph: &Graph) -> TokenStream {
    let Graph { vis, name, .. } = graph;
    let p = graph.private();
    let (parameters, arguments, bounds) = graph.generics.split_for_impl();
    tokens! {
        #[allow(dead_code)]
        impl #parameters #name #arguments #bounds {
            /// Layers, shapes, parameters and multiply-adds, as a table.
            #[must_use]
            #vis const fn summary() -> #p::Summary {
                #p::Summary::new::<Self>()
            }
        }
    }
}

/// The methods that compare the output with a target.
fn of_loss(graph: &Graph, loss: &Loss) -> TokenStream {
    let krate = &graph.krate;
    let p = graph.private();
    let random = Random::new(graph);
    let training =
        |name, doc, result: TokenStream| comparison(graph, loss, name, doc, &tokens!(-> #result), Some(&random));
    let accuracy = || {
        let ty = &loss.ty;
        let bound = (loss.accuracy == Accuracy::Asked).then(|| tokens!(where #ty: #p::Classifier<T>));
        let doc = " The share of right answers, between 0 and 1.";
        comparison(graph, loss, "accuracy", doc, &tokens!(-> #p::f64 #bound), None)
    };
    let methods = [
        Some(comparison(graph, loss, "loss", " The mean loss of the batch.", &tokens!(-> T), None)),
        (loss.accuracy != Accuracy::No).then(accuracy),
        Some(training(
            "gradient",
            " The mean loss of the batch and its gradient, by back-propagation.",
            tokens!((T, Self)),
        )),
        Some(gradient_in(graph, loss)),
        Some(input_gradient(graph, loss)),
        Some(training("numerical_gradient", " The gradient of the mean loss, by central differences.", tokens!(Self))),
        Some(training(
            "grad_check",
            " Compares the gradients by back-propagation with those by central differences.",
            tokens!(#krate::GradientReport),
        )),
    ];
    methods.into_iter().flatten().collect()
}

/// A method that takes a batch with its target, and does what the function of that name does; `result` is what stands
/// between the arguments and the body.
fn comparison(
    graph: &Graph,
    loss: &Loss,
    name: &str,
    doc: &str,
    result: &TokenStream,
    random: Option<&Random>,
) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let name = format_ident!("{name}");
    let Signature { docs, parameters, samples, .. } = Signature::new(graph);
    let (target, target_doc) = (target(graph, loss), target_doc(graph, loss));
    let (random_doc, rng) = random.map(|random| (&random.doc, &random.parameter)).unzip();
    let seed = random.map(|random| &random.seed).into_iter();
    let panics = panics(&[&of_comparison(graph, loss)[..], &[random.and_then(|_| of_training(graph))]].concat());
    tokens! {
        #[doc = #doc]
        #docs
        #[doc = #target_doc]
        #random_doc
        #panics
        #[must_use]
        #[track_caller]
        #vis fn #name<'t, Columns: #p::nalgebra::Dim>(&self, #parameters #target, #rng) #result {
            #p::#name(self, #samples, #p::IntoTarget::into_target(target) #(, #seed)*)
        }
    }
}

fn gradient_in(graph: &Graph, loss: &Loss) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let Signature { docs, parameters, samples, .. } = Signature::new(graph);
    let (target, target_doc) = (target(graph, loss), target_doc(graph, loss));
    let Random { doc: random_doc, parameter: rng, seed } = Random::new(graph);
    let too_small = Some("the workspace is for fewer samples");
    let panics = panics(&[&of_comparison(graph, loss)[..], &[of_training(graph), too_small]].concat());
    tokens! {
        /// The mean loss of the batch and its gradient, which stays in the workspace: nothing is allocated.
        #docs
        #[doc = #target_doc]
        #random_doc
        #panics
        #[track_caller]
        #vis fn gradient_in<'t, 'w, Columns: #p::nalgebra::Dim>(
            &self,
            #parameters
            #target,
            #rng
            workspace: &'w mut #p::Workspace<Self>,
        ) -> (T, &'w mut Self) {
            #p::gradient_in(self, #samples, #p::IntoTarget::into_target(target), #seed, workspace)
        }
    }
}

fn input_gradient(graph: &Graph, loss: &Loss) -> TokenStream {
    let vis = &graph.vis;
    let p = graph.private();
    let Signature { docs, parameters, samples, .. } = Signature::new(graph);
    let (target, target_doc) = (target(graph, loss), target_doc(graph, loss));
    let name = graph.inputs_name();
    let generics = graph.generics();
    let (_, arguments, _) = generics.split_for_impl();
    let Random { doc: random_doc, parameter: rng, seed } = Random::new(graph);
    let panics = panics(&[&of_comparison(graph, loss)[..], &[of_training(graph)]].concat());
    tokens! {
        /// The mean loss of the batch and its gradients by the parameters and by the inputs.
        #docs
        #[doc = #target_doc]
        #random_doc
        #panics
        #[must_use]
        #[track_caller]
        #vis fn input_gradient<'t, Columns: #p::nalgebra::Dim>(
            &self,
            #parameters
            #target,
            #rng
        ) -> (T, Self, #name #arguments) {
            #p::input_gradient(self, #samples, #p::IntoTarget::into_target(target), #seed)
        }
    }
}

/// What a method that compares a batch with a target refuses.
fn of_comparison(graph: &Graph, loss: &Loss) -> [Option<&'static str>; 3] {
    [
        Some("the inputs and the target differ in their number of samples"),
        has_indices(graph).then_some("an index does not exist"),
        (loss.accuracy == Accuracy::Yes).then_some("a class does not exist"),
    ]
}

/// What a training step refuses besides.
fn of_training(graph: &Graph) -> Option<&'static str> {
    let is_of_vectors = |shape: &Shape| matches!(shape, Shape::Dims(dims) if dims.len() == 1);
    let mut layers = graph.layers();
    let has_norm = layers.any(|(node, layer)| layer.kind == BATCH_NORM && is_of_vectors(&node.shape));
    has_norm.then_some("there is one sample, of which `batch_norm` has no variance")
}

fn has_indices(graph: &Graph) -> bool {
    graph.inputs().any(|input| matches!(input.op, Op::Input(Element::Index)))
}

/// The section of the documentation that says when a method panics, if ever.
fn panics(reasons: &[Option<&str>]) -> TokenStream {
    let reasons: Vec<&str> = reasons.iter().copied().flatten().collect();
    let text = match &reasons[..] {
        [] => return TokenStream::new(),
        [only] => format!(" If {only}."),
        [others @ .., last] => format!(" If {}, or {last}.", others.join(", ")),
    };
    tokens!(#[doc = ""] #[doc = " # Panics"] #[doc = #text])
}

/// What all methods share that take a batch.
struct Signature {
    /// A line for each input.
    docs: TokenStream,
    /// A matrix for each input, each with its comma.
    parameters: TokenStream,
    /// The inputs as an array of samples.
    samples: TokenStream,
}

impl Signature {
    fn new(graph: &Graph) -> Self {
        let p = graph.private();
        let docs = graph.inputs().enumerate().map(|(index, input)| {
            let doc = format!(" - `{}`: {} a sample, one sample a column", input.text(), input_code(graph, index));
            tokens!(#[doc = #doc])
        });
        let samples = graph.inputs().enumerate().map(|(index, input)| {
            let (name, variant) = (&input.name, graph.element(index).variant());
            tokens!(#p::InputSamples::#variant(#p::columns(#name)))
        });
        let samples = tokens!([#(#samples),*]);
        let parameters = matrices(graph, tokens!(Columns)).map(|(name, matrix)| tokens!(#name: &#matrix,));
        Self { docs: tokens!(#[doc = ""] #(#docs)*), parameters: parameters.collect(), samples }
    }
}

/// Where the random numbers of a training step come from.
struct Random {
    /// What is said of the parameter.
    doc: TokenStream,
    /// The generator with its comma, for a network that needs one.
    parameter: TokenStream,
    seed: TokenStream,
}

impl Random {
    fn new(graph: &Graph) -> Self {
        let p = graph.private();
        if !graph.random {
            return Self { doc: TokenStream::new(), parameter: TokenStream::new(), seed: tokens!(#p::Seed::ZERO) };
        }
        Self {
            doc: tokens!(#[doc = " - `rng`: draws what is random in the step"]),
            parameter: tokens!(rng: &mut (impl #p::rand::Rng + ?#p::core::marker::Sized),),
            seed: tokens!(#p::Seed::draw(rng)),
        }
    }
}

/// The inputs by name, each with the type of its matrix.
fn matrices(graph: &Graph, columns: TokenStream) -> impl Iterator<Item = (&Ident, TokenStream)> {
    let p = graph.private();
    graph.inputs().enumerate().map(move |(index, input)| {
        (&input.name, matrix(graph, &graph.element(index).ty(&p), &input.shape.len(&graph.krate), &columns))
    })
}

/// A matrix of `len` rows of `element`.
fn matrix(graph: &Graph, element: &TokenStream, len: &TokenStream, columns: &TokenStream) -> TokenStream {
    let p = graph.private();
    tokens! {
        #p::nalgebra::Matrix<
            #element,
            #p::nalgebra::Const<#len>,
            #columns,
            impl #p::nalgebra::RawStorage<#element, #p::nalgebra::Const<#len>, #columns>,
        >
    }
}

/// The positions of the output of which each has a class of its own.
fn positions(graph: &Graph) -> Option<&Dim> {
    match (&graph.loss, &graph.output_shape) {
        (Some(Loss { classes: true, .. } | Loss { accuracy: Accuracy::Asked, .. }), Shape::Dims(dims))
            if dims.len() == 2 =>
        {
            dims.first()
        }
        _ => None,
    }
}

fn target(graph: &Graph, loss: &Loss) -> TokenStream {
    let p = graph.private();
    let loss = &loss.ty;
    let len = graph.output_shape.len(&graph.krate);
    let positions = match positions(graph) {
        Some(positions) => positions.argument(),
        None => tokens!(1),
    };
    tokens!(target: impl #p::IntoTarget<'t, T, #loss, #len, #positions, Columns>)
}

fn target_doc(graph: &Graph, loss: &Loss) -> String {
    let indices = match (loss.accuracy, positions(graph)) {
        (Accuracy::No | Accuracy::Asked, _) => String::new(),
        (Accuracy::Yes, None) => ", or a class index, `usize` or `u8`, for each".to_owned(),
        (Accuracy::Yes, Some(positions)) => {
            format!(
                ", or {} class indices a sample, `usize` or `u8`, one after the other or in a matrix",
                code(positions)
            )
        }
    };
    format!(" - `target`: {} a sample, one sample a column{indices}", code(&graph.output_shape))
}
