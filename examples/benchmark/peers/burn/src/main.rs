//! The workloads in burn: `constgrad-benchmark-burn flex|ndarray THREADS WORKLOAD...`.

use std::env;
use std::hint::black_box;

use burn::nn::loss::CrossEntropyLoss;
use burn::nn::{Linear, LinearConfig};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::prelude::*;
use burn::tensor::TensorData;
use burn::tensor::activation::{relu, tanh};
use harness::{Clock, Request, batches, numbers};

const TWO_LAYERS: &[usize] = &[784, 50, 10];
const THREE_LAYERS: &[usize] = &[784, 512, 256, 10];
const POLICY: &[usize] = &[4, 64, 64, 2];

type Activation = fn(Tensor<2>) -> Tensor<2>;

fn main() {
    let mut arguments = env::args().skip(1);
    let backend = arguments.next().expect("the name of a backend");
    #[expect(deprecated, reason = "burn will drop it, but has it still")]
    let device = if backend == "flex" { Device::flex() } else { Device::ndarray() };
    Request::new(arguments).answer(&format!("burn {backend}"), |workload| measure(workload, &device));
}

fn measure(workload: &str, device: &Device) -> Option<f64> {
    Some(match workload {
        "W1" => train(TWO_LAYERS, SgdConfig::new().init(), 0.1, 100, device),
        "W2" => train(THREE_LAYERS, AdamConfig::new().with_epsilon(1e-8).init(), 1e-3, 128, device),
        "W3a" => predict(TWO_LAYERS, relu, 1, device),
        "W3b" => predict(POLICY, tanh, 1, device),
        "W5" => predict(THREE_LAYERS, relu, 1024, device),
        _ => return None,
    })
}

/// Fully connected layers.
#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    fn new(sizes: &[usize], device: &Device) -> Self {
        let layers = sizes.windows(2).map(|sizes| LinearConfig::new(sizes[0], sizes[1]).init(device));
        Self { layers: layers.collect() }
    }

    fn forward(&self, x: Tensor<2>, activation: Activation) -> Tensor<2> {
        let (last, hidden) = self.layers.split_last().expect("a network has layers");
        last.forward(hidden.iter().fold(x, |x, layer| activation(layer.forward(x))))
    }
}

fn train(sizes: &[usize], mut optimizer: ModuleOptimizer, rate: f64, samples: usize, device: &Device) -> f64 {
    let device = device.clone().autodiff();
    let batches = batches(samples, 784).into_iter().map(|(pixels, labels)| {
        let labels: Vec<_> = labels.into_iter().map(i64::from).collect();
        (images(pixels, &device), Tensor::<1, Int>::from_data(TensorData::new(labels, [samples]), &device))
    });
    let batches: Vec<_> = batches.collect();
    let mut batches = batches.iter().cycle();
    let loss = CrossEntropyLoss::new(None, &device);
    let mut net = Some(Network::new(sizes, &device));
    Clock::STEP.time(|| {
        let (x, labels) = batches.next().expect("a cycle does not end").clone();
        let before = net.take().expect("every step leaves a network");
        let gradients = loss.forward(before.forward(x, relu), labels).backward();
        let gradients = GradientsParams::from_grads(gradients, &before);
        net = Some(optimizer.step(rate, before, gradients));
    })
}

fn predict(sizes: &[usize], activation: Activation, samples: usize, device: &Device) -> f64 {
    let net = Network::new(sizes, device);
    let x = Tensor::<2>::from_data(TensorData::new(numbers(samples * sizes[0]), [samples, sizes[0]]), device);
    Clock::STEP.time(|| {
        black_box(net.forward(black_box(&x).clone(), activation));
    })
}

fn images(pixels: Vec<f32>, device: &Device) -> Tensor<2> {
    let samples = pixels.len() / 784;
    Tensor::from_data(TensorData::new(pixels, [samples, 784]), device)
}
