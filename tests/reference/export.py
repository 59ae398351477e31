"""Writes numbers.json: what PyTorch computes, in double precision, for the test reference.rs.

And two_layer_net.safetensors, modules.safetensors and without_bias.safetensors, state_dicts, which have to load there; the
first has to be what constgrad saves, byte by byte.
Run once, in this folder: python export.py. Needs PyTorch and safetensors; what is committed is that of 2.15 and 0.8.
"""

import json

import safetensors.torch
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.manual_seed(20240229)

SAMPLES, ROWS = 3, 6

# No kinks: those are conventions, which unit tests state.
EXTREME = [1e-8, -1e-8, 30.0, -30.0, 1000.0, -1000.0]


def inputs():
    """Samples in rows, the last one extreme; PyTorch's rows are constgrad's columns."""
    usual = 2 * torch.randn(SAMPLES - 1, ROWS)
    return torch.cat([usual, torch.tensor([EXTREME])])


def tape(function, *arguments):
    """Arguments, output, and all gradients for a random gradient of the output."""
    arguments = [argument.clone().requires_grad_() for argument in arguments]
    output = function(*arguments)
    d_output = torch.randn_like(output)
    output.backward(d_output)
    return {
        "inputs": [numbers(argument) for argument in arguments],
        "output": numbers(output),
        "d_output": numbers(d_output),
        "d_inputs": [numbers(argument.grad) for argument in arguments],
    }


def loss(function, target, scores=None):
    """Scores, target, the mean loss, and its gradient."""
    scores = (inputs() if scores is None else scores).requires_grad_()
    value = function(scores, target)
    value.backward()
    return {
        "scores": numbers(scores),
        "target": numbers(target),
        "loss": value.item(),
        "d_scores": numbers(scores.grad),
    }


def numbers(tensor):
    return tensor.flatten().tolist()


def affine():
    """A weight of constgrad holds the weights of an output contiguously, as a row of PyTorch's does."""
    return tape(F.linear, inputs(), torch.randn(4, ROWS), torch.randn(4))


def two_layer_net():
    """Affine 5-4, relu, affine 4-3, softmax cross-entropy, a batch of 3."""
    x = torch.randn(3, 5)
    parameters = [torch.randn(shape).requires_grad_() for shape in [(4, 5), (4,), (3, 4), (3,)]]
    weight1, bias1, weight2, bias2 = parameters
    names = ["affine1.weight", "affine1.bias", "affine2.weight", "affine2.bias"]
    safetensors.torch.save_file(dict(zip(names, parameters)), "two_layer_net.safetensors")
    classes = torch.tensor([2, 0, 1])
    x.requires_grad_()
    scores = F.linear(F.relu(F.linear(x, weight1, bias1)), weight2, bias2)
    value = F.cross_entropy(scores, classes)
    value.backward()
    return {
        "x": numbers(x),
        "parameters": [numbers(parameter) for parameter in parameters],
        "classes": numbers(classes),
        "scores": numbers(scores),
        "loss": value.item(),
        "d_x": numbers(x.grad),
        "gradients": [numbers(parameter.grad) for parameter in parameters],
    }


def optimizer(make, rates=(0.1, 0.1, 0.1, 0.05, 0.05, 0.02)):
    """Parameters after each step, the gradients and the learning rate changing from step to step."""
    parameters = start.clone().requires_grad_()
    steps = make([parameters], lr=0.1)
    after = []
    for gradient, rate in zip(gradients, rates):
        steps.param_groups[0]["lr"] = rate
        parameters.grad = gradient.clone()
        steps.step()
        after.append(numbers(parameters))
    return {"learning_rates": rates, "parameters": after}


def optimizers():
    """Velocities of constgrad hold learning rates, those of PyTorch do not: theirs stays."""
    stays = [0.1] * STEPS
    sgd, optim = torch.optim.SGD, torch.optim
    return {
        "sgd": optimizer(sgd),
        "momentum": optimizer(lambda *a, **k: sgd(*a, **k, momentum=0.9), stays),
        "nesterov": optimizer(lambda *a, **k: sgd(*a, **k, momentum=0.9, nesterov=True), stays),
        "adam": optimizer(optim.Adam),
        "adam_w": optimizer(optim.AdamW),
        "rms_prop": optimizer(optim.RMSprop),
        "ada_grad": optimizer(optim.Adagrad),
    }


classes = torch.tensor([4, 0, 5])
soft = torch.rand(SAMPLES, ROWS).softmax(1)
yes_or_no = torch.tensor([[1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.5, 0.2, 1.0, 0.0], [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]])

reference = {
    "functions": {
        "relu": tape(F.relu, inputs()),
        "leaky_relu": tape(lambda x: F.leaky_relu(x, 0.1), inputs()),
        "sigmoid": tape(torch.sigmoid, inputs()),
        "tanh": tape(torch.tanh, inputs()),
        "gelu": tape(F.gelu, inputs()),
        "silu": tape(F.silu, inputs()),
        # Beyond the default threshold of 20, PyTorch returns the input, which is off by 2e-9 there.
        "softplus": tape(lambda x: F.softplus(x, threshold=100), inputs()),
        "softmax": tape(lambda x: F.softmax(x, 1), inputs()),
        "add": tape(torch.add, inputs(), inputs()),
        "sub": tape(torch.sub, inputs(), inputs()),
        "mul": tape(torch.mul, inputs(), inputs()),
        "concat": tape(lambda a, b: torch.cat([a, b], 1), inputs(), torch.randn(SAMPLES, 2)),
        "affine": affine(),
        "elu": tape(lambda x: F.elu(x, 0.5), inputs()),
        # The gradient of F.hardsigmoid takes a sixth in single precision, which is off by 3e-8.
        "hard_sigmoid": tape(lambda x: F.relu6(x + 3) / 6, inputs()),
        "abs": tape(torch.abs, inputs()),
        "square": tape(torch.square, inputs()),
        "sqrt": tape(torch.sqrt, inputs().abs() + 0.1),
        "exp": tape(torch.exp, inputs().clamp(-30, 30)),
        "ln": tape(torch.log, inputs().abs() + 0.1),
        "sin": tape(torch.sin, inputs()),
        "cos": tape(torch.cos, inputs()),
        "div": tape(torch.div, inputs(), inputs()),
    },
    "losses": {
        "softmax_cross_entropy_classes": loss(F.cross_entropy, classes),
        "softmax_cross_entropy_one_hot": loss(F.cross_entropy, F.one_hot(classes, ROWS).double()),
        "softmax_cross_entropy_soft": loss(F.cross_entropy, soft),
        "softmax_cross_entropy_10000": loss(F.cross_entropy, classes, 1e4 * torch.randn(SAMPLES, ROWS)),
        "mean_squared_error": loss(F.mse_loss, torch.randn(SAMPLES, ROWS)),
        "binary_cross_entropy_with_logits": loss(F.binary_cross_entropy_with_logits, yes_or_no),
        "mean_absolute_error": loss(F.l1_loss, torch.randn(SAMPLES, ROWS)),
        "huber": loss(lambda x, t: F.huber_loss(x, t, delta=1.5), torch.randn(SAMPLES, ROWS)),
    },
    "two_layer_net": two_layer_net(),
}

# From tiny to large, one always 0 and one at first.
STEPS, PARAMETERS = 6, 18
start = torch.randn(PARAMETERS)
gradients = torch.randn(STEPS, PARAMETERS) * torch.logspace(-9, 3, PARAMETERS)
gradients[:, 9] = 0
gradients[0, 12] = 0
log_probabilities = torch.randn(SAMPLES, ROWS).log_softmax(1)
reference["losses"]["kl_divergence"] = loss(
    lambda x, t: F.kl_div(x, t, reduction="batchmean"), soft, log_probabilities
)
smoothed = lambda x, t: F.cross_entropy(x, t, label_smoothing=0.1)
reference["losses"]["softmax_cross_entropy_classes_smoothed"] = loss(smoothed, classes)
reference["losses"]["softmax_cross_entropy_soft_smoothed"] = loss(smoothed, soft)
reference["optimizers"] = {"start": numbers(start), "gradients": gradients.tolist(), "runs": optimizers()}




def layer(module, *shape):
    """What a module in training makes of random scalars."""
    return of_layer(module, torch.randn(SAMPLES, *shape, requires_grad=True))


def of_layer(module, x):
    """Input, output, parameters as PyTorch lays them out, and all gradients, of a module in training."""
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter)
    output = module(x)
    d_output = torch.randn_like(output)
    output.backward(d_output)
    return {
        "input": numbers(x),
        "parameters": [numbers(parameter) for parameter in module.parameters()],
        "output": numbers(output),
        "d_output": numbers(d_output),
        "d_input": numbers(x.grad) if x.requires_grad else [],
        "d_parameters": [numbers(parameter.grad) for parameter in module.parameters()],
        "statistics": [numbers(buffer) for name, buffer in module.named_buffers() if name.startswith("running")],
    }


class Function(torch.nn.Module):
    """A function without parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class Attended(torch.nn.Module):
    """Attention of queries, keys and values, which follow each other."""

    def __init__(self, queries, keys, width, values, is_causal):
        super().__init__()
        self.shapes, self.is_causal = [(queries, width), (keys, width), (keys, values)], is_causal

    def forward(self, x):
        parts = x.split([rows * columns for rows, columns in self.shapes], 1)
        q, k, v = (part.unflatten(1, shape) for part, shape in zip(parts, self.shapes))
        return F.scaled_dot_product_attention(q, k, v, is_causal=self.is_causal)


class Attention(torch.nn.Module):
    """Self-attention in which a position does not see those after it."""

    def __init__(self):
        super().__init__()
        self.attention = torch.nn.MultiheadAttention(6, 2, batch_first=True)

    def forward(self, x):
        mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        return self.attention(x, x, x, attn_mask=mask, need_weights=False)[0]


class Recurrent(torch.nn.Module):
    """All states of one layer."""

    def __init__(self, make):
        super().__init__()
        self.recurrent = make(3, 5, batch_first=True)

    def forward(self, x):
        return self.recurrent(x)[0]


class Positions(torch.nn.Module):
    """The input and a vector for each position."""

    def __init__(self, positions, width):
        super().__init__()
        self.embedding = torch.nn.Embedding(positions, width)

    def forward(self, x):
        return x + self.embedding(torch.arange(x.shape[1]))


class Sinusoidal(torch.nn.Module):
    """The input and, by turns, sine and cosine of the position at each frequency."""

    def forward(self, x):
        positions, width = x.shape[1:]
        even = torch.arange(0, width, 2)
        angles = torch.arange(positions)[:, None] / 10000 ** (even / width)
        return x + torch.stack([angles.sin(), angles.cos()], 2).flatten(1)[:, :width]


nn = torch.nn
reference["layers"] = {
    "conv2d": layer(nn.Conv2d(4, 6, (3, 2), stride=(1, 2), padding=(2, 1), dilation=(1, 2), groups=2), 4, 5, 6),
    "conv2d_direct": layer(nn.Conv2d(2, 3, (2, 3)), 2, 3, 12),
    "conv1d": layer(nn.Conv1d(3, 2, 3, padding=1), 3, 7),
    "conv_transpose2d": layer(nn.ConvTranspose2d(4, 2, (3, 2), stride=2, padding=(1, 0), groups=2), 4, 3, 4),
    "max_pool2d": layer(nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0)), 2, 5, 6),
    "max_pool2d_squares": layer(nn.MaxPool2d(2), 2, 5, 8),
    "max_pool1d": layer(nn.MaxPool1d(3, stride=2), 2, 9),
    "avg_pool2d": layer(nn.AvgPool2d((3, 2), stride=(2, 1), padding=(1, 0)), 2, 5, 6),
    "global_avg_pool": layer(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), 3, 4, 5),
    "upsample2d": layer(nn.Upsample(scale_factor=(2, 3)), 2, 3, 2),
    "zero_pad2d": layer(nn.ZeroPad2d((1, 1, 2, 2)), 2, 2, 3),
    "batch_norm_of_images": layer(nn.BatchNorm2d(3), 3, 2, 4),
    "batch_norm_of_vectors": layer(nn.BatchNorm1d(4), 4),
    "layer_norm": layer(nn.LayerNorm(5), 4, 5),
    "rms_norm": layer(nn.RMSNorm(5, eps=1e-5), 5),
    "multi_head_attention": layer(Attention(), 4, 6),
    "prelu": layer(nn.PReLU(), 5),
    "lstm": layer(Recurrent(nn.LSTM), 4, 3),
    "rnn": layer(Recurrent(nn.RNN), 4, 3),
    "gru": layer(Recurrent(nn.GRU), 4, 3),
    "sinusoidal_positions": layer(Sinusoidal(), 7, 5),
    "learned_positions": layer(Positions(4, 3), 4, 3),
    "embedding": of_layer(nn.Embedding(5, 3), torch.randint(5, (SAMPLES, 4))),
    "attention": layer(Attended(3, 5, 4, 2, False), 3 * 4 + 5 * 4 + 5 * 2),
    "causal_attention": layer(Attended(3, 3, 4, 2, True), 3 * 4 + 3 * 4 + 3 * 2),
    "split": layer(Function(lambda x: x.split([1, 2, 1], 2)[1]), 2, 4, 3),
    "last": layer(Function(lambda x: x[:, -1]), 4, 3),
    "broadcast": layer(Function(lambda x: x[:, None, :, None].expand(-1, 2, -1, 4)), 3),
}

weights = torch.tensor([0.5, 0.0, 2.0, 1.0, 3.0, 1.5])
for name, smoothing in {"": 0.0, "_smoothed": 0.1}.items():
    weighted = lambda x, t: F.cross_entropy(x, t, weight=weights, label_smoothing=smoothing)
    reference["losses"][f"softmax_cross_entropy_classes{name}_weighted"] = loss(weighted, classes)


class Modules(nn.Module):
    """A module for each layer with parameters, named like it in a network."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, groups=2)
        self.batch_norm1 = nn.BatchNorm2d(4)
        self.prelu1 = nn.PReLU()
        self.conv2 = nn.ConvTranspose2d(4, 2, 2, groups=2)
        self.signal = nn.Conv1d(2, 3, 5)
        self.embedding1 = nn.Embedding(5, 6)
        self.positions1 = nn.Embedding(4, 6)
        self.attention1 = nn.MultiheadAttention(6, 2, batch_first=True)
        self.layer_norm1 = nn.LayerNorm(6)
        self.rnn1 = nn.RNN(6, 5, batch_first=True)
        self.lstm1 = nn.LSTM(5, 4, batch_first=True)
        self.gru1 = nn.GRU(4, 3, batch_first=True)
        self.rms_norm1 = nn.RMSNorm(3, eps=1e-5)
        self.affine1 = nn.Linear(116, 3)

    def forward(self, image, words):
        seen = self.conv2(self.prelu1(self.batch_norm1(self.conv1(image))))
        signal = self.signal(seen.reshape(-1, 2, 25))
        text = self.embedding1(words) + self.positions1.weight
        text = self.layer_norm1(self.attention1(text, text, text)[0])
        text = self.gru1(self.lstm1(self.rnn1(text)[0])[0])[0]
        text = self.rms_norm1(text)[:, -1]
        return self.affine1(torch.cat([seen.flatten(1), signal.flatten(1), text], 1))


def modules():
    """What a network makes of an image and words, after a step in training."""
    net, image, words = Modules(), torch.randn(SAMPLES, 2, 6, 6), torch.randint(5, (SAMPLES, 4))
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter)
    net(image, words)
    safetensors.torch.save_file(net.state_dict(), "modules.safetensors")
    return {"image": numbers(image), "words": numbers(words), "output": numbers(net.eval()(image, words))}


reference["modules"] = modules()
reference["functions"]["log_softmax"] = tape(lambda x: F.log_softmax(x, 1), inputs())


class WithoutBias(nn.Module):
    """Modules with no bias, and norms with an epsilon of their own."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, 3, groups=2, bias=False)
        self.conv2 = nn.ConvTranspose2d(4, 2, 2, bias=False)
        self.conv3 = nn.Conv1d(2, 3, 5, bias=False)
        self.affine1 = nn.Linear(63, 5, bias=False)
        self.layer_norm1 = nn.LayerNorm(5, eps=0.5)
        self.rms_norm1 = nn.RMSNorm(5, eps=1e-3)
        self.affine2 = nn.Linear(5, 3)

    def forward(self, image):
        signal = self.conv3(self.conv2(self.conv1(image)).flatten(2))
        hidden = self.affine1(signal.flatten(1))
        return self.affine2(self.rms_norm1(self.layer_norm1(hidden)))


def without_bias():
    """What it makes of images."""
    net, image = WithoutBias(), torch.randn(SAMPLES, 2, 6, 6)
    for parameter in net.parameters():
        torch.nn.init.normal_(parameter)
    safetensors.torch.save_file(net.state_dict(), "without_bias.safetensors")
    return {"image": numbers(image), "output": numbers(net(image))}


reference["without_bias"] = without_bias()
reference["layers"] |= {
    "affine_without_bias": layer(nn.Linear(5, 3, bias=False), 5),
    "conv2d_without_bias": layer(nn.Conv2d(2, 3, (2, 3), bias=False), 2, 3, 12),
    "conv_transpose2d_without_bias": layer(nn.ConvTranspose2d(2, 3, 2, bias=False), 2, 3, 4),
    "layer_norm_with_epsilon": layer(nn.LayerNorm(5, eps=0.5), 5),
    "rms_norm_with_epsilon": layer(nn.RMSNorm(5, eps=0.5), 5),
}


def lines(value, indent=""):
    """JSON with one list of numbers a line."""
    if not isinstance(value, dict):
        return json.dumps(value)
    inner = indent + "  "
    fields = [f"{inner}{json.dumps(name)}: {lines(field, inner)}" for name, field in value.items()]
    return "{\n" + ",\n".join(fields) + "\n" + indent + "}"


with open("numbers.json", "w") as file:
    file.write(lines(reference) + "\n")
