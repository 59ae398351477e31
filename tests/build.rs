//! Writes networks for `tests/random.rs` and `tests/deep.rs`, as the macro has to be given source text, and the cases of
//! `tests/ui/rustc/` as documentation tests.
//!
//! The random networks are others in each build that starts from nothing, such as that of CI; in a folder that was built
//! before they stay, until this file or a case changes. Their seed is printed: with `CONSTGRAD_SEED=1234 cargo test` they are
//! made again, and with another number others are.

use std::fmt::Write as _;
use std::path::Path;
use std::time::SystemTime;

const NETWORKS: u64 = 256;

/// The variable that says which networks.
const SEED: &str = "CONSTGRAD_SEED";

/// Where the cases are that rustc words.
const CASES: &str = "tests/ui/rustc";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={CASES}");
    println!("cargo::rerun-if-env-changed={SEED}");
    let seed = seed();
    println!("cargo::warning=random networks of {SEED}={seed}");
    write("networks.rs", &(0..NETWORKS).map(|index| tested(seed, index)).collect::<String>());
    write("deep.rs", &deep());
    write("cases.rs", &cases());
}

fn write(name: &str, source: &str) {
    let out = std::env::var_os("OUT_DIR").expect("cargo names the folder");
    std::fs::write(Path::new(&out).join(name), source).expect("the folder can be written to");
}

/// The seed that is asked for, or a fresh one, short enough to be typed.
fn seed() -> u64 {
    let fresh = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("a clock").subsec_nanos().into();
    std::env::var(SEED).map_or_else(|_| fresh(), |text| text.parse().expect("a seed is a whole number"))
}

/// A random network with the test of its gradients, which says what failed.
fn tested(seed: u64, index: u64) -> String {
    let declaration = network(seed.wrapping_add(index), index);
    format!(
        "{declaration}#[test]\nfn random{index}() {{\n    check::<Random{index}<f64>>({declaration:?}, \"{SEED}={seed}\");\n}}\n\n"
    )
}

/// A residual network of 50 layers with weights, each but the last a convolution with batch normalisation.
fn deep() -> String {
    let mut body = "        let b0 = x.conv2d(8, kernel = 3, padding = 1).batch_norm().relu();\n".to_owned();
    for block in 1..=24 {
        let half = ".conv2d(8, kernel = 3, padding = 1).batch_norm()";
        let before = block - 1;
        writeln!(body, "        let b{block} = (b{before} + b{before}{half}.relu(){half}).relu();")
            .expect("writing to a string");
    }
    format!(
        "network! {{\n    #[loss(softmax_cross_entropy)]\n    struct Deep(x: [1, 10, 10]) -> [2] {{\n{body}        \
         b24.global_avg_pool().affine(2)\n    }}\n}}\n"
    )
}

/// One item a case, with the case as a documentation test that must not compile.
fn cases() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(CASES);
    let files = std::fs::read_dir(folder).expect("there are cases").map(|entry| entry.expect("a file").path());
    let mut cases: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect();
    cases.sort();
    let item = |path: &std::path::PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy();
        let path = path.display();
        format!("/// ```compile_fail\n#[doc = include_str!(r\"{path}\")]\n/// ```\npub mod {name} {{}}\n\n")
    };
    cases.iter().map(item).collect()
}

/// A reproducible sequence (`SplitMix64`).
struct Sequence(u64);

impl Sequence {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut value = self.0;
        value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((value ^ (value >> 31)) % bound as u64).expect("a small number")
    }

    fn size(&mut self) -> usize {
        1 + self.below(5)
    }

    fn pick<'a, V>(&mut self, values: &'a [V]) -> &'a V {
        &values[self.below(values.len())]
    }
}

/// A value that later expressions may use.
struct Value {
    name: String,
    dims: Vec<usize>,
    used: bool,
}

const ACTIVATIONS: [&str; 15] = [
    "prelu()",
    "relu()",
    "leaky_relu(slope = 0.2)",
    "gelu()",
    "silu()",
    "softplus()",
    "sigmoid()",
    "tanh()",
    "elu(alpha = 0.5)",
    "hard_sigmoid()",
    "abs()",
    "square().exp().ln().tanh()",
    "softplus().sqrt()",
    "sin()",
    "cos()",
];

/// How weights are drawn, perhaps.
const INITS: [&str; 8] = [
    "",
    "",
    ", init = he",
    ", init = xavier",
    ", init = normal(std = 0.5)",
    ", init = uniform(bound = 0.8)",
    ", init = orthogonal",
    ", init = orthogonal(gain = 0.7)",
];

fn network(seed: u64, index: u64) -> String {
    let mut sequence = Sequence(seed);
    let mut values = inputs(&mut sequence);
    let mut inputs: Vec<String> = values.iter().map(|input| format!("{}: {:?}", input.name, input.dims)).collect();
    let (mut body, mut blocks) = (String::new(), 0);
    if sequence.below(4) == 0 {
        inputs.push(indices(&mut sequence, &mut body, &mut values));
    }
    for index in 0..2 + sequence.below(7) {
        let name = format!("v{index}");
        if sequence.below(10) == 0 {
            split(&mut sequence, &name, &mut body, &mut values);
            continue;
        }
        let (expression, dims) = expression(&mut sequence, &mut values, &mut blocks);
        // Of a network the macro does not know the shape, so that its value would not be repeated beside a larger one.
        let is_said = sequence.below(2) == 0 || expression.contains("net::");
        let ascription = if is_said { format!(": {dims:?}") } else { String::new() };
        if has_parameters(&expression) && sequence.below(6) == 0 {
            body.push_str("        #[frozen]\n");
        }
        writeln!(body, "        let {name}{ascription} = {expression};").expect("writing to a string");
        values.push(Value { name, dims, used: false });
    }
    let (end, outputs) = end(&mut sequence, &values);
    let losses: &[&str] = match outputs {
        1 => &["", "#[loss(binary_cross_entropy_with_logits)]", "#[loss(huber(delta = 0.5))]"],
        _ => &["", "#[loss(softmax_cross_entropy)]", "#[loss(mean_squared_error)]", "#[loss(mean_absolute_error)]"],
    };
    let weights: Vec<usize> = (1..=outputs).collect();
    let weighted = format!("#[loss(softmax_cross_entropy(label_smoothing = 0.1, class_weights = {weights:?}))]");
    let loss = if outputs > 1 && sequence.below(5) == 0 { &weighted } else { *sequence.pick(losses) };
    format!(
        "network! {{\n    {loss}\n    #[no_gradient_test]\n    struct Random{index}({}) -> [{outputs}] {{\n{body}        {end}\n    }}\n}}\n\n",
        inputs.join(", ")
    )
}

fn inputs(sequence: &mut Sequence) -> Vec<Value> {
    let count = 1 + sequence.below(3);
    let input = |index| {
        let rank = *sequence.pick(&[1, 1, 2, 2, 3]);
        let dims = (0..rank).map(|axis| if axis == 0 { sequence.size() } else { 1 + sequence.below(6) }).collect();
        Value { name: format!("x{index}"), dims, used: false }
    };
    (0..count).map(input).collect()
}

/// An input of indices, with a vector of each and, perhaps, another.
fn indices(sequence: &mut Sequence, body: &mut String, values: &mut Vec<Value>) -> String {
    let (len, count) = (sequence.size(), sequence.size());
    for index in 0..=sequence.below(2) {
        let (name, more, size) = (format!("e{index}"), sequence.below(2), sequence.size());
        writeln!(body, "        let {name} = text.embedding({}, {size});", count + more).expect("writing to a string");
        values.push(Value { name, dims: vec![len, size], used: false });
    }
    format!("text: [usize; {len}]")
}

/// Two parts of a value, along an axis of 2 or more.
fn split(sequence: &mut Sequence, name: &str, body: &mut String, values: &mut Vec<Value>) {
    let whole = values.iter().position(|value| value.dims.iter().any(|&size| size > 1));
    let Some(whole) = whole else { return };
    values[whole].used = true;
    let dims = values[whole].dims.clone();
    let axis = (0..dims.len()).rfind(|&axis| dims[axis] > 1).expect("there is one");
    let first = 1 + sequence.below(dims[axis] - 1);
    let sizes = [first, dims[axis] - first];
    let parts = ["a", "b"].map(|part| format!("{name}{part}"));
    let (whole, [a, b]) = (&values[whole].name, &parts);
    writeln!(body, "        let ({a}, {b}) = {whole}.split({sizes:?}, axis = {axis});").expect("writing to a string");
    for (name, size) in parts.into_iter().zip(sizes) {
        let mut dims = dims.clone();
        dims[axis] = size;
        values.push(Value { name, dims, used: false });
    }
}

/// Whether a layer of an expression has parameters, so that they may be frozen.
fn has_parameters(expression: &str) -> bool {
    ["affine(", "net::", "conv", "_norm(", "_attention(", "lstm(", "rnn(", "gru(", "learned_positions()", "prelu()"]
        .iter()
        .any(|layer| expression.contains(layer))
}

/// A random expression of the values so far, with its shape.
fn expression(sequence: &mut Sequence, values: &mut [Value], blocks: &mut usize) -> (String, Vec<usize>) {
    let index = sequence.below(values.len());
    values[index].used = true;
    let (name, dims) = (values[index].name.clone(), values[index].dims.clone());
    let alike: Vec<usize> = (0..values.len()).filter(|&other| values[other].dims == dims).collect();
    let vectors: Vec<usize> = (0..values.len()).filter(|&other| values[other].dims.len() == 1).collect();
    let repeated: Vec<usize> = (0..values.len()).filter(|&other| is_repeated(&values[other].dims, &dims)).collect();
    match (sequence.below(12), &dims[..]) {
        (0, &[_]) => {
            let (outputs, options) = (sequence.size(), options(sequence));
            (format!("{name}.affine({outputs}{options}).{}", sequence.pick(&ACTIVATIONS)), vec![outputs])
        }
        (1, &[size]) => {
            // A field has a name once it is numbered.
            *blocks += 1;
            (format!("{name}.net::<Block<{size}>>().shared(net{blocks}).softmax()"), dims)
        }
        (2, &[size]) => {
            let other = *sequence.pick(&vectors);
            values[other].used = true;
            (format!("concat({name}, {}, {name})", values[other].name), vec![2 * size + values[other].dims[0]])
        }
        (2, dims) => (format!("concat({name}, {name}.tanh())"), [&[2 * dims[0]], &dims[1..]].concat()),
        (3, _) => (format!("{name}.flatten()"), vec![dims.iter().product()]),
        (4, _) => {
            let other = *sequence.pick(&alike);
            values[other].used = true;
            // A divisor is not near 0.
            let (operator, end) = *sequence.pick(&[("+", ""), ("-", ""), ("*", ""), ("/", ".tanh().exp()")]);
            (format!("{name} {operator} {}.{}{end}", values[other].name, sequence.pick(&ACTIVATIONS)), dims)
        }
        (5, _) if !repeated.is_empty() => {
            let other = *sequence.pick(&repeated);
            values[other].used = true;
            let (operator, other) = (*sequence.pick(&["+", "-", "*"]), &values[other].name);
            let (left, right) = if sequence.below(2) == 0 { (&name, other) } else { (other, &name) };
            (format!("{left} {operator} {right}.tanh()"), dims)
        }
        (6, _) => (format!("{name}.batch_norm()"), dims),
        (7, _) => (format!("{name}.dropout(rate = 0.3)"), dims),
        (8.., &[channels, rows, columns]) => image(sequence, &name, [channels, rows, columns]),
        (8.., &[channels, len]) => signal(sequence, &name, [channels, len]),
        _ => (format!("({name} * {name}.{})", sequence.pick(&ACTIVATIONS)), dims),
    }
}

/// Options of a layer with weights and biases, each with its comma.
fn options(sequence: &mut Sequence) -> String {
    let bias = *sequence.pick(&["", "", ", bias = false", ", bias = true"]);
    format!("{bias}{}", sequence.pick(&INITS))
}

/// Whether an operand of shape `small` is repeated beside one of shape `dims`.
fn is_repeated(small: &[usize], dims: &[usize]) -> bool {
    match small {
        _ if small == dims => false,
        [1] => true,
        [size] => dims.iter().filter(|&dim| dim == size).count() == 1,
        _ => small.len() == dims.len() && small.iter().zip(dims).all(|(&small, dim)| small == 1 || small == *dim),
    }
}

/// A window along one axis: kernel, stride and padding, and the places that it has in `size`.
fn window(sequence: &mut Sequence, size: usize) -> ([usize; 3], usize) {
    let kernel = 1 + sequence.below(size.min(4));
    let (stride, padding) = (1 + sequence.below(3), sequence.below(kernel / 2 + 1));
    ([kernel, stride, padding], (size + 2 * padding - kernel) / stride + 1)
}

/// An expression of a value that is an image.
fn image(sequence: &mut Sequence, name: &str, [channels, rows, columns]: [usize; 3]) -> (String, Vec<usize>) {
    let ([kernel, stride, padding], output_rows) = window(sequence, rows);
    let ([other_kernel, other_stride, other_padding], output_columns) = window(sequence, columns);
    let [kernel, stride, padding] =
        [[kernel, other_kernel], [stride, other_stride], [padding, other_padding]].map(|pair| format!("{pair:?}"));
    match sequence.below(7) {
        0 | 1 => {
            let groups = if sequence.below(2) == 0 { channels } else { 1 };
            let outputs = groups * (1 + sequence.below(2));
            let options = options(sequence);
            let call = format!("kernel = {kernel}, stride = {stride}, padding = {padding}, groups = {groups}{options}");
            let activation = sequence.pick(&ACTIVATIONS);
            (format!("{name}.conv2d({outputs}, {call}).{activation}"), vec![outputs, output_rows, output_columns])
        }
        2 => {
            let pool = sequence.pick(&["max_pool2d", "avg_pool2d"]);
            let call = format!("{name}.{pool}({kernel}, stride = {stride}, padding = {padding})");
            (call, vec![channels, output_rows, output_columns])
        }
        3 => (format!("{name}.global_avg_pool()"), vec![channels]),
        4 if rows * columns <= 16 => (format!("{name}.upsample2d([2, 1])"), vec![channels, 2 * rows, columns]),
        4 | 5 if sequence.below(2) == 0 => {
            let outputs = channels * (1 + sequence.below(2));
            let options = options(sequence);
            let call = format!("kernel = [2, 1], stride = [1, 2], padding = [0, 0], groups = {channels}{options}");
            (format!("{name}.conv_transpose2d({outputs}, {call})"), vec![outputs, rows + 1, 2 * columns - 1])
        }
        5 if rows * columns <= 16 => (format!("{name}.zero_pad2d([0, 1])"), vec![channels, rows, columns + 2]),
        _ => (format!("concat({name}, {name}.tanh(), axis = 2)"), vec![channels, rows, 2 * columns]),
    }
}

/// An expression of a value that is a signal.
fn signal(sequence: &mut Sequence, name: &str, [channels, len]: [usize; 2]) -> (String, Vec<usize>) {
    let ([kernel, stride, padding], output_len) = window(sequence, len);
    match sequence.below(10) {
        8 => (format!("attention({name}, {name}.tanh(), {name}, causal = true)"), vec![channels, len]),
        3 => {
            let outputs = sequence.size();
            let (options, activation) = (options(sequence), sequence.pick(&ACTIVATIONS));
            (format!("{name}.affine({outputs}{options}).{activation}"), vec![channels, outputs])
        }
        4 => {
            let positions = sequence.pick(&["sinusoidal_positions", "learned_positions"]);
            (format!("{name}.{positions}().layer_norm(epsilon = 1e-3)"), vec![channels, len])
        }
        5 => {
            let init = sequence.pick(&INITS);
            (format!("{name}.multi_head_attention({len}, causal = true{init})"), vec![channels, len])
        }
        7 => {
            let size = sequence.size();
            let [first, second] = [0, 1].map(|_| sequence.pick(&["rnn", "lstm", "gru"]));
            let init = sequence.pick(&INITS);
            (format!("{name}.{first}({size}).{second}({size}{init})"), vec![channels, size])
        }
        6 => (format!("{name}.last().rms_norm()"), vec![len]),
        0 => {
            let (outputs, options) = (1 + sequence.below(3), options(sequence));
            let call = format!("kernel = {kernel}, stride = {stride}, padding = {padding}{options}");
            (format!("{name}.conv1d({outputs}, {call})"), vec![outputs, output_len])
        }
        1 => {
            let call = format!("{name}.max_pool1d({kernel}, stride = {stride}, padding = {padding})");
            (call, vec![channels, output_len])
        }
        _ => (format!("{name}.reshape([{len}, {channels}])"), vec![len, channels]),
    }
}

/// An expression that uses whatever is left, and the size of the output.
fn end(sequence: &mut Sequence, values: &[Value]) -> (String, usize) {
    let outputs = sequence.size();
    let unused: Vec<String> =
        values.iter().filter(|value| !value.used).map(|value| format!("{}.flatten()", value.name)).collect();
    let joined = if unused.len() == 1 { unused[0].clone() } else { format!("concat({})", unused.join(", ")) };
    (format!("{joined}.affine({outputs})"), outputs)
}
