//! The workloads in candle: `constgrad-benchmark-candle THREADS WORKLOAD...`.

use std::hint::black_box;

use candle_core::{DType, Device, Result, Tensor};
use candle_nn::{AdamW, Linear, Module, Optimizer, ParamsAdamW, SGD, VarBuilder, VarMap, linear, loss};
use harness::{Clock, Request, batches, numbers};

const CPU: Device = Device::Cpu;
const TWO_LAYERS: &[usize] = &[784, 50, 10];
const THREE_LAYERS: &[usize] = &[784, 512, 256, 10];
const POLICY: &[usize] = &[4, 64, 64, 2];

type Activation = fn(&Tensor) -> Result<Tensor>;

fn main() {
    Request::from_env().answer("candle", |workload| measure(workload).expect("shapes and types fit"));
}

fn measure(workload: &str) -> Result<Option<f64>> {
    Ok(Some(match workload {
        "W1" => train_two_layers(DType::F32)?,
        "W1-f64" => train_two_layers(DType::F64)?,
        "W2" => train_three_layers()?,
        "W3a" => predict(TWO_LAYERS, Tensor::relu, 1)?,
        "W3b" => predict(POLICY, Tensor::tanh, 1)?,
        "W5" => predict(THREE_LAYERS, Tensor::relu, 1024)?,
        _ => return Ok(None),
    }))
}

/// Fully connected layers.
struct Network {
    layers: Vec<Linear>,
    activation: Activation,
}

impl Network {
    fn new(sizes: &[usize], activation: Activation, variables: &VarMap, dtype: DType) -> Result<Self> {
        let builder = VarBuilder::from_varmap(variables, dtype, &CPU);
        let layers = sizes.windows(2).enumerate().map(|(index, sizes)| linear(sizes[0], sizes[1], builder.pp(index)));
        Ok(Self { layers: layers.collect::<Result<_>>()?, activation })
    }

    /// The same without gradients.
    fn detach(self) -> Self {
        let detach = |layer: &Linear| Linear::new(layer.weight().detach(), layer.bias().map(Tensor::detach));
        Self { layers: self.layers.iter().map(detach).collect(), ..self }
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let (last, hidden) = self.layers.split_last().expect("a network has layers");
        let x = hidden.iter().try_fold(x.clone(), |x, layer| (self.activation)(&layer.forward(&x)?))?;
        last.forward(&x)
    }
}

fn train_two_layers(dtype: DType) -> Result<f64> {
    let variables = VarMap::new();
    let net = Network::new(TWO_LAYERS, Tensor::relu, &variables, dtype)?;
    train(&net, SGD::new(variables.all_vars(), 0.1)?, 100, dtype)
}

fn train_three_layers() -> Result<f64> {
    let variables = VarMap::new();
    let net = Network::new(THREE_LAYERS, Tensor::relu, &variables, DType::F32)?;
    let adam = ParamsAdamW { lr: 1e-3, weight_decay: 0.0, ..ParamsAdamW::default() };
    train(&net, AdamW::new(variables.all_vars(), adam)?, 128, DType::F32)
}

fn train(net: &Network, mut optimizer: impl Optimizer, samples: usize, dtype: DType) -> Result<f64> {
    let tensors = |(x, labels): (Vec<f32>, Vec<u8>)| {
        let labels = labels.into_iter().map(u32::from).collect();
        Ok((Tensor::from_vec(x, (samples, 784), &CPU)?.to_dtype(dtype)?, Tensor::from_vec(labels, samples, &CPU)?))
    };
    let batches = batches(samples, 784).into_iter().map(tensors).collect::<Result<Vec<_>>>()?;
    let mut batches = batches.iter().cycle();
    let mut step = || {
        let (x, labels) = batches.next().expect("a cycle does not end");
        optimizer.backward_step(&loss::cross_entropy(&net.forward(x)?, labels)?)
    };
    Ok(Clock::STEP.time(|| step().expect("shapes and types fit")))
}

fn predict(sizes: &[usize], activation: Activation, samples: usize) -> Result<f64> {
    let net = Network::new(sizes, activation, &VarMap::new(), DType::F32)?.detach();
    let x = Tensor::from_vec(numbers(samples * sizes[0]), (samples, sizes[0]), &CPU)?;
    Ok(Clock::STEP.time(|| {
        black_box(net.forward(black_box(&x)).expect("shapes fit"));
    }))
}
