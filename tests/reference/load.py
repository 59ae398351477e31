"""Checks that PyTorch loads what constgrad saves: python load.py FILE

FILE is what `cargo run --release --bin mnist -- --save FILE` saves. Prints the accuracy on the test images, which is to
be what `--load FILE` prints there. Needs PyTorch, numpy and safetensors.
"""

import collections
import gzip
import pathlib
import sys

import numpy
import safetensors.torch
import torch
from torch import nn

MNIST = pathlib.Path(__file__).parents[2] / "examples/data/mnist"


def read(name, start):
    return torch.tensor(numpy.frombuffer(gzip.decompress((MNIST / name).read_bytes()), numpy.uint8)[start:])


images = read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 784) / 255
labels = read("t10k-labels-idx1-ubyte.gz", 8)
layers = collections.OrderedDict(affine1=nn.Linear(784, 50), relu1=nn.ReLU(), affine2=nn.Linear(50, 10))
net = nn.Sequential(layers)
net.load_state_dict(safetensors.torch.load_file(sys.argv[1]))
print(f"{(net(images).argmax(1) == labels).double().mean().item():.4f}")
