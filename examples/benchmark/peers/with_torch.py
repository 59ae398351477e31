"""The workloads in PyTorch: `with_torch.py eager|compile THREADS WORKLOAD...`."""

import torch
import torch.nn.functional as F
from torch import nn

from common import POLICY, THREE_LAYERS, TWO_LAYERS, answer, batches, clock, images, take_mode, threads

MODE = take_mode()
torch.set_num_threads(threads())


def compiled(function):
    return torch.compile(function) if MODE == "compile" else function


def network(sizes, activation=nn.ReLU, dtype=torch.float32):
    layers = []
    for inputs, outputs in zip(sizes, sizes[1:]):
        layers += [nn.Linear(inputs, outputs, dtype=dtype), activation()]
    return nn.Sequential(*layers[:-1])


def train(net, optimizer, samples, dtype=torch.float32):
    rotation = batches(samples, lambda x, labels: (torch.from_numpy(x).to(dtype), torch.from_numpy(labels)))
    loss = compiled(lambda x, labels: F.cross_entropy(net(x), labels))
    update = compiled(lambda: optimizer.step())

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss(*next(rotation)).backward()
        update()

    return clock(step)


def train_two_layers(dtype=torch.float32):
    net = network(TWO_LAYERS, dtype=dtype)
    return train(net, torch.optim.SGD(net.parameters(), lr=0.1, fused=MODE == "eager"), 100, dtype)


def train_three_layers():
    net = network(THREE_LAYERS)
    return train(net, torch.optim.Adam(net.parameters(), lr=1e-3, fused=MODE == "eager"), 128)


def train_lenet():
    net = nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        *(nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), *network((256, 120, 84, 10))),
    )
    return train(net, torch.optim.SGD(net.parameters(), lr=0.1, fused=MODE == "eager"), 64)


def predict(net, x):
    net = compiled(net.eval())
    with torch.inference_mode():
        return clock(lambda: net(x))


answer(
    "torch" if MODE == "eager" else "torch.compile",
    {
        "W1": train_two_layers,
        "W1-f64": lambda: train_two_layers(torch.float64),
        "W2": train_three_layers,
        "W3a": lambda: predict(network(TWO_LAYERS), torch.from_numpy(images(1))),
        "W3b": lambda: predict(network(POLICY, nn.Tanh), torch.rand(1, 4)),
        "W4": train_lenet,
        "W5": lambda: predict(network(THREE_LAYERS), torch.from_numpy(images(1024))),
    },
)
