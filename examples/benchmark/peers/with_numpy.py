"""The workloads in numpy, as the book writes networks: `with_numpy.py THREADS WORKLOAD...`."""

import gzip
import time
from pathlib import Path

import numpy as np

from common import POLICY, THREE_LAYERS, TWO_LAYERS, answer, batches, clock, images, normal, parameters

MNIST = Path(__file__).parents[2] / "data" / "mnist"


class Affine:
    def __init__(self, weight, bias):
        self.weight, self.bias = weight, bias

    def forward(self, x):
        self.x = x
        return np.dot(x, self.weight) + self.bias

    def backward(self, d_output):
        d_input = np.dot(d_output, self.weight.T)
        self.gradients = np.dot(self.x.T, d_output), np.sum(d_output, axis=0)
        return d_input


class Relu:
    def forward(self, x):
        self.mask = x <= 0
        output = x.copy()
        output[self.mask] = 0
        return output

    def backward(self, d_output):
        d_output[self.mask] = 0
        return d_output


class Tanh:
    def forward(self, x):
        return np.tanh(x)


class SoftmaxWithLoss:
    def forward(self, x, target):
        self.target = target
        powers = np.exp(x - np.max(x, axis=1, keepdims=True))
        self.output = powers / np.sum(powers, axis=1, keepdims=True)
        return -np.mean(np.log(np.sum(self.output * target, axis=1) + 1e-7))

    def backward(self):
        return (self.output - self.target) / len(self.target)


class Network:
    def __init__(self, parameters, activation=Relu):
        self.affine = [Affine(*pair) for pair in parameters]
        self.layers = [layer for affine in self.affine for layer in (affine, activation())][:-1]
        self.last = SoftmaxWithLoss()

    def predict(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x, target):
        return self.last.forward(self.predict(x), target)

    def accuracy(self, x, target):
        return np.mean(np.argmax(self.predict(x), axis=1) == np.argmax(target, axis=1))

    def gradient(self, x, target):
        self.loss(x, target)
        d_output = self.last.backward()
        for layer in reversed(self.layers):
            d_output = layer.backward(d_output)
        return [gradient for affine in self.affine for gradient in affine.gradients]

    def parameters(self):
        return [tensor for affine in self.affine for tensor in (affine.weight, affine.bias)]


def sgd(net, gradients, rate=0.1):
    for parameter, gradient in zip(net.parameters(), gradients):
        parameter -= rate * gradient


class Adam:
    def __init__(self, net, rate=1e-3):
        self.rate, self.steps = rate, 0
        self.moments = [(np.zeros_like(parameter), np.zeros_like(parameter)) for parameter in net.parameters()]

    def step(self, net, gradients):
        self.steps += 1
        rate = self.rate * (1 - 0.999**self.steps) ** 0.5 / (1 - 0.9**self.steps)
        for parameter, gradient, (first, second) in zip(net.parameters(), gradients, self.moments):
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient**2 - second)
            parameter -= rate * first / (np.sqrt(second) + 1e-8)


def train(net, update, samples, dtype=np.float32):
    rotation = batches(samples, lambda x, labels: (x.astype(dtype), np.eye(10, dtype=dtype)[labels]))
    return clock(lambda: update(net, net.gradient(*next(rotation))))


def train_two_layers(dtype=np.float32):
    return train(Network(parameters(TWO_LAYERS, dtype)), sgd, 100, dtype)


def train_three_layers():
    net = Network(parameters(THREE_LAYERS))
    return train(net, Adam(net).step, 128)


def predict(net, x):
    return clock(lambda: net.predict(x))


def read(name, header):
    """The bytes of one of the files of MNIST."""
    return np.frombuffer(gzip.decompress((MNIST / name).read_bytes()), np.uint8, offset=header)


def mnist(name):
    """Images, scaled to between 0 and 1, and labels, one-hot."""
    x = read(f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 784).astype(np.float32) / 255
    return x, np.eye(10)[read(f"{name}-labels-idx1-ubyte.gz", 8)]


def run_the_book():
    """Once, in microseconds, without reading the files. It is in double precision, and computes each loss twice."""
    train, test = mnist("train"), mnist("t10k")
    start = time.perf_counter()
    net = Network([(normal(784, 50, 0.01), np.zeros(50)), (normal(50, 10, 0.01), np.zeros(10))])
    losses, accuracies = [], []
    for iteration in range(10_000):
        batch = np.random.choice(60_000, 100)
        x, target = train[0][batch], train[1][batch]
        sgd(net, net.gradient(x, target))
        losses.append(net.loss(x, target))
        if iteration % 600 == 0:
            accuracies.append((net.accuracy(*train), net.accuracy(*test)))
    assert accuracies[-1][1] > 0.96, accuracies
    return 1e6 * (time.perf_counter() - start)


answer(
    "numpy",
    {
        "W1": train_two_layers,
        "W1-f64": lambda: train_two_layers(np.float64),
        "W2": train_three_layers,
        "W3a": lambda: predict(Network(parameters(TWO_LAYERS)), images(1)),
        "W3b": lambda: predict(Network(parameters(POLICY), Tanh), np.ones((1, 4), np.float32)),
        "W5": lambda: predict(Network(parameters(THREE_LAYERS)), images(1024)),
        "W6": run_the_book,
    },
)
