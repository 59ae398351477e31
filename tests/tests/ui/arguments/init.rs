//! How weights are drawn, said wrongly.

use constgrad::network;

network! {
    struct Names(x: [4]) -> [2] {
        let misspelt = x.affine(2, init = orthogonl);
        let elsewhere = x.affine(2, init = kaiming_normal);
        let of_rust = x.affine(2, init = Init::He);
        let unknown = x.affine(2, init = lecun);
        let with_number = x.affine(2, init = norml(std = 1)) + x.affine(2, init = unifrom);
        misspelt + elsewhere + of_rust + unknown + with_number
    }
}

network! {
    struct Numbers(x: [4], signal: [2, 8]) -> [2, 8] {
        let missing = x.affine(8, init = normal);
        let empty = x.affine(8, init = uniform());
        let without_name = x.affine(8, init = normal(0.02));
        let superfluous = x.affine(8, init = he(2));
        let option = x.affine(8, init = xavier(gain = 2));
        let misnamed = x.affine(8, init = uniform(bond = 0.1));
        let negative = x.affine(8, init = normal(std = -1));
        let zero = signal.conv1d(2, kernel = 1, init = orthogonal(gain = 0.0));
        signal.rnn(8, init = uniform(bound = "1")).gru(8, init = 0.02).lstm(8, init = [he])
            + missing + empty + without_name + superfluous + option + misnamed + negative + zero
    }
}

network! {
    struct Elsewhere(x: [4]) -> [2] { x.affine(2).relu(init = he).layer_norm(init = he) }
}

fn main() {}
