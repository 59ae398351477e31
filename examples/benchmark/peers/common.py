"""What the measured scripts share: how they are called, what they print, their clock, their data.

A script is called with the number of its threads and the names of workloads, and prints a line of JSON for each of them
that it knows.
"""

import itertools
import json
import statistics
import sys
import time

import numpy as np

WARM_UP, REPEAT, REPEATS = 0.4, 0.25, 7
BATCHES = 16

TWO_LAYERS, THREE_LAYERS, POLICY = (784, 50, 10), (784, 512, 256, 10), (4, 64, 64, 2)


def take_mode():
    """Takes the first argument away: in which way the library is to be measured."""
    return sys.argv.pop(1)


def threads():
    """How many threads the library is to use."""
    return int(sys.argv[1])


def answer(peer, workloads):
    """Prints the microseconds that the functions of `workloads` return, those that are asked for."""
    for workload in sys.argv[2:]:
        if workload in workloads:
            us = round(workloads[workload](), 4)
            print(json.dumps({"peer": peer, "workload": workload, "threads": threads(), "us": us}), flush=True)


def clock(step, wait=lambda: None):
    """The microseconds that `step` takes; `wait` returns when all steps have been computed."""
    step()
    wait()
    start, runs = time.perf_counter(), 0
    while time.perf_counter() - start < WARM_UP:
        step()
        runs += 1
    wait()
    runs = max(1, int(REPEAT * runs / (time.perf_counter() - start)))
    return statistics.median(repeat(step, wait, runs) for _ in range(REPEATS))


def repeat(step, wait, runs):
    start = time.perf_counter()
    for _ in range(runs):
        step()
    wait()
    return 1e6 * (time.perf_counter() - start) / runs


def images(samples, dtype=np.float32):
    """Random images, one a row."""
    return np.random.default_rng(1).random((samples, 784)).astype(dtype)


def batches(samples, convert, dtype=np.float32):
    """Images and labels, converted to what the library computes with, in rotation without end."""
    rng = np.random.default_rng(1)
    drawn = [(rng.random((samples, 784)).astype(dtype), rng.integers(0, 10, samples)) for _ in range(BATCHES)]
    return itertools.cycle([convert(x, labels) for x, labels in drawn])


def parameters(sizes, dtype=np.float32):
    """Weights and biases of fully connected layers."""
    return [
        (normal(inputs, outputs, (2 / inputs) ** 0.5).astype(dtype), np.zeros(outputs, dtype))
        for inputs, outputs in itertools.pairwise(sizes)
    ]


def normal(inputs, outputs, std):
    """A random weight."""
    return np.random.default_rng(1).normal(0, std, (inputs, outputs))
