//! The workloads in dfdx: `constgrad-benchmark-dfdx THREADS WORKLOAD...`.

use std::hint::black_box;
use std::mem;

use dfdx::optim::{Adam, AdamConfig, Sgd, SgdConfig};
use dfdx::prelude::*;
use harness::{Clock, Request, batches, numbers};

type TwoLayers = ((Linear<784, 50>, ReLU), Linear<50, 10>);
type ThreeLayers = ((Linear<784, 512>, ReLU), (Linear<512, 256>, ReLU), Linear<256, 10>);
type Policy = ((Linear<4, 64>, Tanh), (Linear<64, 64>, Tanh), Linear<64, 2>);

type Images<const B: usize> = Tensor<Rank2<B, 784>, f32, Cpu>;
type Targets<const B: usize> = Tensor<Rank2<B, 10>, f32, Cpu>;

fn main() {
    Request::from_env().answer("dfdx", measure);
}

fn measure(workload: &str) -> Option<f64> {
    let cpu = Cpu::seed_from_u64(1);
    Some(match workload {
        "W1" => train_two_layers(&cpu),
        "W2" => train_three_layers(&cpu),
        "W3a" => predict(&cpu.build_module::<TwoLayers, f32>(), &cpu.tensor_from_vec(numbers(784), (Const::<784>,))),
        "W3b" => predict(&cpu.build_module::<Policy, f32>(), &cpu.tensor_from_vec(numbers(4), (Const::<4>,))),
        "W5" => {
            let x: Images<1024> = cpu.tensor_from_vec(numbers(1024 * 784), Default::default());
            predict(&cpu.build_module::<ThreeLayers, f32>(), &x)
        }
        _ => return None,
    })
}

fn train_two_layers(cpu: &Cpu) -> f64 {
    let net = cpu.build_module::<TwoLayers, f32>();
    let sgd = Sgd::new(&net, SgdConfig { lr: 0.1, momentum: None, weight_decay: None });
    train::<100, _>(cpu, net, sgd)
}

fn train_three_layers(cpu: &Cpu) -> f64 {
    let net = cpu.build_module::<ThreeLayers, f32>();
    let adam = Adam::new(&net, AdamConfig { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weight_decay: None });
    train::<128, _>(cpu, net, adam)
}

fn train<const B: usize, N>(cpu: &Cpu, mut net: N, mut optimizer: impl Optimizer<N, Cpu, f32>) -> f64
where
    N: ZeroGrads<f32, Cpu>
        + ModuleMut<
            Tensor<Rank2<B, 784>, f32, Cpu, OwnedTape<f32, Cpu>>,
            Output = Tensor<Rank2<B, 10>, f32, Cpu, OwnedTape<f32, Cpu>>,
            Error = CpuError,
        >,
{
    let batches: Vec<_> = batches(B, 784).into_iter().map(|batch| tensors::<B>(cpu, batch)).collect();
    let mut batches = batches.iter().cycle();
    let mut gradients = net.alloc_grads();
    Clock::STEP.time(|| {
        let (x, target) = batches.next().expect("a cycle does not end");
        let scores = net.forward_mut(x.clone().traced(mem::replace(&mut gradients, Gradients::leaky())));
        gradients = cross_entropy_with_logits_loss(scores, target.clone()).backward();
        optimizer.update(&mut net, &gradients).expect("all parameters are used");
        net.zero_grads(&mut gradients);
    })
}

/// Images, and targets as one-hot rows.
fn tensors<const B: usize>(cpu: &Cpu, (pixels, labels): (Vec<f32>, Vec<u8>)) -> (Images<B>, Targets<B>) {
    let mut target = vec![0.0; B * 10];
    for (sample, label) in labels.into_iter().enumerate() {
        target[sample * 10 + usize::from(label)] = 1.0;
    }
    (cpu.tensor_from_vec(pixels, Default::default()), cpu.tensor_from_vec(target, Default::default()))
}

fn predict<X: Clone, N: Module<X>>(net: &N, x: &X) -> f64 {
    Clock::STEP.time(|| {
        black_box(net.forward(black_box(x).clone()));
    })
}
