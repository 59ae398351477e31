//! What is measured, by name.

/// A name and what it stands for.
pub(crate) const WORKLOADS: [(&str, &str); 8] = [
    ("W1", "train step 784-50-10, relu, softmax cross-entropy, batch 100, SGD"),
    ("W1-f64", "the same in double precision"),
    ("W2", "train step 784-512-256-10, relu, softmax cross-entropy, batch 128, Adam"),
    ("W3a", "one sample through 784-50-10, relu"),
    ("W3b", "one sample through 4-64-64-2, tanh"),
    ("W4", "train step of LeNet (conv 6 5x5, relu, max pool, conv 16 5x5, relu, max pool, 120-84-10), batch 64, SGD"),
    ("W5", "inference 784-512-256-10, relu, batch 1024"),
    ("W6", "the book's program: 10,000 steps of W1 on MNIST, accuracies once an epoch (numpy: f64, as in the book)"),
];
