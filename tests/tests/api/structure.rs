//! What a network says of itself: names, shapes and counts, as constants.

use constgrad::{LayerInfo, Port, prelude::*};

const HIDDEN: usize = 32;
const CLASSES: usize = 10;

network! {
    struct Block<const D: usize>(x: [D]) -> [D] { (x + x.affine(D).relu().affine(D)).relu() }
}

network! {
    #[loss(softmax_cross_entropy)]
    struct Deep(x: [784], side: [2, 3]) -> [CLASSES] {
        let joined = concat(x.affine(2 * HIDDEN).net::<Block<64>>(), side.flatten());
        let head = joined.affine(CLASSES);
        head.leaky_relu(slope = 0.1)
    }
}

const BLOCK: usize = 2 * (64 * 64 + 64);

#[test]
fn counts_are_constants() {
    const COUNT: usize = <Deep>::COUNT;
    assert_eq!(COUNT, (784 * 64 + 64) + BLOCK + (70 * 10 + 10));
    assert_eq!(<Deep>::TENSORS, 8);
    assert_eq!(<Deep<f64> as Network>::MULTIPLY_ADDS, 784 * 64 + 2 * 64 * 64 + 70 * 10);
    assert_eq!((<Block<5>>::COUNT, <Block<5>>::TENSORS), (60, 4));
    assert_eq!(
        <Deep>::INPUTS,
        [Port { name: "x", dims: &[784], indices: None }, Port { name: "side", dims: &[2, 3], indices: None }]
    );
}

#[test]
fn layers_are_listed_in_the_order_of_computation() {
    // Operators and reshapes are none.
    let layer = |name, kind, dims, parameters, multiply_adds| LayerInfo {
        name,
        kind,
        dims,
        parameters,
        multiply_adds,
        least_samples: 1,
    };
    let expected = [
        layer("affine1", "affine", &[64], 784 * 64 + 64, 784 * 64),
        layer("net1", "net", &[64], BLOCK, 2 * 64 * 64),
        layer("head", "affine", &[10], 710, 700),
        layer("leaky_relu1", "leaky_relu", &[10], 0, 0),
    ];
    assert_eq!(<Deep>::LAYERS, expected);
}

#[test]
fn a_summary_is_a_table() {
    let deep = "\
name         kind        output  parameters  multiply-adds
x            input       [784]
side         input       [2, 3]
affine1      affine      [64]        50,240         50,176
net1         net         [64]         8,320          8,192
head         affine      [10]           710            700
leaky_relu1  leaky_relu  [10]             0              0
total                                59,270         59,068";
    assert_eq!(Deep::summary().to_string(), deep);
    assert_eq!(
        Block::<64>::summary().to_string().lines().last(),
        Some("total                         8,320          8,192")
    );
}

#[test]
fn tensors_have_the_names_of_their_fields() {
    let mut net = Deep::<f32>::zeros();
    let names: Vec<_> = <Deep>::LAYOUT.iter().map(|tensor| tensor.name.to_string()).collect();
    let expected = [
        "affine1.weight",
        "affine1.bias",
        "net1.affine1.weight",
        "net1.affine1.bias",
        "net1.affine2.weight",
        "net1.affine2.bias",
        "head.weight",
        "head.bias",
    ];
    assert_eq!(names, expected);
    let dims: Vec<_> = <Deep>::LAYOUT.iter().map(|tensor| tensor.dims).collect();
    let expected: [&[_]; 8] = [&[64, 784], &[64], &[64, 64], &[64], &[64, 64], &[64], &[10, 70], &[10]];
    assert_eq!(dims, expected);

    net.tensor_mut(4)[64 + 2] = 7.0;
    let weight: &SMatrix<f32, 64, 64> = &net.net1.affine2.weight;
    assert_eq!((weight[(2, 1)], net.tensor(4)[66], weight.sum()), (7.0, 7.0, 7.0));
}

#[test]
fn a_network_is_small_and_moves_between_threads() {
    fn moves<T: Send + Sync + 'static>() {}
    moves::<Deep<f64>>();
    moves::<constgrad::Workspace<Deep>>();
    // A pointer a tensor: what is large lies on the heap.
    assert_eq!(size_of::<Deep>(), <Deep>::TENSORS * size_of::<usize>());
    let printed = format!("{:?}", Deep::<f32>::zeros());
    assert!(
        printed.starts_with("Deep { affine1: Affine { weight: Tensor<784 x 64>, bias: Tensor<64 x 1> }"),
        "{printed}"
    );
}
