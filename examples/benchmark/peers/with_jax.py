"""The workloads in JAX, compiled with `jit`: `with_jax.py THREADS WORKLOAD...`."""

import os
from functools import partial

from common import POLICY, THREE_LAYERS, TWO_LAYERS, answer, batches, clock, images, parameters, threads

os.environ["JAX_PLATFORMS"] = "cpu"
if threads() == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def forward(net, x, activation=jax.nn.relu):
    *hidden, (weight, bias) = net
    for hidden_weight, hidden_bias in hidden:
        x = activation(x @ hidden_weight + hidden_bias)
    return x @ weight + bias


def lenet(net, x):
    kernels, layers = net
    x = x.reshape(-1, 1, 28, 28)
    for weight, bias in kernels:
        x = jax.nn.relu(jax.lax.conv(x, weight, (1, 1), "VALID") + bias[:, None, None])
        x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    return forward(layers, x.reshape(-1, 256))


def loss(net, x, labels, scores=forward):
    return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(scores(net, x)), labels[:, None], 1))


@partial(jax.jit, donate_argnums=0, static_argnums=3)
def sgd(net, x, labels, scores=forward):
    value, gradients = jax.value_and_grad(loss)(net, x, labels, scores)
    return jax.tree.map(lambda parameter, gradient: parameter - 0.1 * gradient, net, gradients), value


@partial(jax.jit, donate_argnums=0)
def adam(state, x, labels):
    net, first, second, steps = state
    value, gradients = jax.value_and_grad(loss)(net, x, labels)
    steps = steps + 1
    first = jax.tree.map(lambda m, gradient: 0.9 * m + 0.1 * gradient, first, gradients)
    second = jax.tree.map(lambda v, gradient: 0.999 * v + 0.001 * gradient**2, second, gradients)
    rate = 1e-3 * jnp.sqrt(1 - 0.999**steps) / (1 - 0.9**steps)
    net = jax.tree.map(lambda parameter, m, v: parameter - rate * m / (jnp.sqrt(v) + 1e-8), net, first, second)
    return (net, first, second, steps), value


def train(update, state, samples, dtype=jnp.float32):
    rotation = batches(samples, lambda x, labels: (jnp.asarray(x, dtype), jnp.asarray(labels, jnp.int32)))

    def step():
        nonlocal state
        state, _ = update(state, *next(rotation))

    return clock(step, wait=lambda: jax.block_until_ready(state))


def network(sizes, dtype=jnp.float32):
    return jax.tree.map(partial(jnp.asarray, dtype=dtype), parameters(sizes))


def train_three_layers():
    net = network(THREE_LAYERS)
    zeros = partial(jax.tree.map, jnp.zeros_like)
    return train(adam, (net, zeros(net), zeros(net), jnp.float32(0)), 128)


def train_lenet():
    shapes = (6, 1, 5, 5), (16, 6, 5, 5)
    normal = lambda shape: 0.1 * jax.random.normal(jax.random.key(1), shape, jnp.float32)
    kernels = [(normal(shape), jnp.zeros(shape[0], jnp.float32)) for shape in shapes]
    return train(partial(sgd, scores=lenet), (kernels, network((256, 120, 84, 10))), 64)


def predict(net, x, activation=jax.nn.relu):
    compiled = jax.jit(partial(forward, activation=activation))
    return clock(lambda: compiled(net, x).block_until_ready())


answer(
    "jax",
    {
        "W1": lambda: train(sgd, network(TWO_LAYERS), 100),
        "W1-f64": lambda: train(sgd, network(TWO_LAYERS, jnp.float64), 100, jnp.float64),
        "W2": train_three_layers,
        "W3a": lambda: predict(network(TWO_LAYERS), jnp.asarray(images(1))),
        "W3b": lambda: predict(network(POLICY), jnp.ones((1, 4), jnp.float32), jnp.tanh),
        "W4": train_lenet,
        "W5": lambda: predict(network(THREE_LAYERS), jnp.asarray(images(1024))),
    },
)
