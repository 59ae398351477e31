use std::fs;
use std::path::Path;

use rand::rngs::SmallRng;
use rand::{Rng, RngExt, SeedableRng};
use tempfile::TempDir;

use super::{Difference, Error, ErrorKind, load, load_state, save};
use crate::Layout;
use crate::{Adam, Init, Optimizer, Parameters, Scalar, Tensor, Trainable, network};

network! {
    #[no_gradient_test]
    struct Small(x: [2]) -> [1] { x.affine(3).relu().affine(1) }
}

network! {
    #[no_gradient_test]
    struct Wider(x: [2]) -> [1] { let affine1 = x.affine(4).relu(); let head = affine1.affine(1); head }
}

network! {
    #[no_gradient_test]
    struct Nothing(x: [2]) -> [2] { x.relu() }
}

/// Parameters of random bits: subnormal numbers, infinities and all kinds of NaN.
fn random<N: Trainable>(seed: u64) -> N {
    let mut net = N::zeros();
    let mut rng = SmallRng::seed_from_u64(seed);
    for index in 0..N::TENSORS {
        rng.fill(bytemuck::cast_slice_mut::<_, u8>(net.tensor_mut(index)));
    }
    net
}

fn bits<N: Trainable>(net: &N) -> Vec<u8> {
    (0..N::TENSORS).flat_map(|index| bytemuck::cast_slice::<_, u8>(net.tensor(index))).copied().collect()
}

/// The bytes of a file that holds `net`.
fn saved<N: Trainable>(net: &N) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net");
    save(net, &path).unwrap();
    fs::read(path).unwrap()
}

/// What a file of these bytes holds.
fn loaded<N: Trainable>(bytes: &[u8]) -> Result<N, Error> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net");
    fs::write(&path, bytes).unwrap();
    load(path)
}

/// The message for a file of these bytes, after its name.
fn message<N: Trainable>(bytes: &[u8]) -> String {
    let error = loaded::<N>(bytes).unwrap_err();
    assert_eq!(error.path.file_name().unwrap(), "net");
    error.to_string().strip_prefix(&format!("{}: ", error.path.display())).unwrap().to_owned()
}

/// A file with this header and so many bytes of data.
fn with_header(json: &str, data: usize) -> Vec<u8> {
    [&(json.len() as u64).to_le_bytes(), json.as_bytes(), &vec![0; data]].concat()
}

network! {
    #[no_gradient_test]
    struct Thawed(x: [2]) -> [1] { #[frozen] let affine1 = x.affine(3).relu(); affine1.affine(1) }
}

#[test]
fn what_is_frozen_is_kept_too() {
    let net: Thawed<f32> = loaded(&saved(&random::<Small<f32>>(1))).unwrap();
    assert_eq!(saved(&net), saved(&random::<Small<f32>>(1)));
}

/// What an optimizer remembers has nothing for what is frozen.
#[test]
fn the_state_of_an_optimizer_returns() {
    fn check<N: Trainable>(names: &[&str]) {
        let mut state = N::state();
        let mut rng = SmallRng::seed_from_u64(5);
        for index in 0..N::TENSORS {
            rng.fill(bytemuck::cast_slice_mut::<_, u8>(state.tensor_mut(index)));
        }
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("state");
        save(&state, &path).unwrap();
        let loaded: N = load_state(&path).unwrap();
        assert_eq!(bits(&loaded), bits(&state));
        assert_eq!((0..N::TENSORS).map(|index| loaded.tensor(index).len()).sum::<usize>(), N::TRAINED);
        // A network needs what is frozen, and a state has no room for it.
        let lines = |error: Error| error.to_string().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
        if names.is_empty() {
            load::<N>(&path).unwrap();
        } else {
            let missing = lines(load::<N>(&path).unwrap_err());
            assert!(missing.iter().zip(names).all(|(line, name)| line.contains(name)), "{missing:?}");
            assert_eq!(missing.len(), names.len());
            save(&N::zeros(), &path).unwrap();
            assert_eq!(lines(load_state::<N>(&path).unwrap_err()).len(), names.len());
        }
    }
    check::<Small<f32>>(&[]);
    check::<Thawed<f32>>(&["affine1.weight", "affine1.bias"]);
    check::<Thawed<f64>>(&["affine1.weight", "affine1.bias"]);
    check::<crate::layer::Frozen<Small<f32>>>(&["affine1.weight", "affine1.bias", "affine2.weight", "affine2.bias"]);

    let (mut net, mut adam) = (random::<Thawed<f32>>(6), Adam::new(0.1));
    adam.step(&mut net, &Thawed::state());
    let folder = TempDir::new().unwrap();
    save(&adam.second_moment, folder.path().join("state")).unwrap();
    assert_eq!(load_state::<Thawed>(folder.path().join("state")).unwrap(), adam.second_moment);
}

#[test]
fn every_bit_returns() {
    fn check<N: Trainable>() {
        let net: N = random(1);
        assert_eq!(bits(&loaded::<N>(&saved(&net)).unwrap()), bits(&net));
    }
    check::<Small<f32>>();
    check::<Small<f64>>();
    check::<Nothing<f32>>();
    // More than is written or read at a time.
    check::<crate::layer::Affine<f32, 100, 41>>();
    check::<crate::layer::Affine<f64, 100, 41>>();
}

#[test]
fn single_precision_loads_into_double_precision() {
    let net = crate::layer::Affine::<f32, 100, 41>::init_with(Init::He, &mut SmallRng::seed_from_u64(2));
    let wide: crate::layer::Affine<f64, 100, 41> = loaded(&saved(&net)).unwrap();
    for index in 0..2 {
        let exact: Vec<_> = net.tensor(index).iter().copied().map(f64::from).collect();
        assert_eq!(wide.tensor(index), exact);
    }
}

#[test]
fn a_file_is_what_the_format_says() {
    let mut net = Small::<f32>::zeros();
    net.affine1.weight[(1, 0)] = 1.0; // from the second input to the first output
    let header = concat!(
        r#"{"affine1.bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"#,
        r#""affine1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[12,36]},"#,
        r#""affine2.bias":{"dtype":"F32","shape":[1],"data_offsets":[36,40]},"#,
        r#""affine2.weight":{"dtype":"F32","shape":[1,3],"data_offsets":[40,52]}}"#,
    );
    let padded = format!("{header:<width$}", width = header.len().next_multiple_of(8));
    let mut expected = with_header(&padded, 52);
    let weight = expected.len() - 52 + 12 + 4;
    expected[weight..weight + 4].copy_from_slice(&1_f32.to_le_bytes());
    assert_eq!(saved(&net), expected);
    assert_eq!(saved(&Nothing::<f64>::init(&mut SmallRng::seed_from_u64(1))), with_header("{}      ", 0));
}

#[test]
fn order_and_free_text_do_not_matter() {
    let header = concat!(
        r#"{"weight": {"shape": [1, 1], "data_offsets": [0, 4], "dtype": "F32"}, "__metadata__": {"format": "pt"}, "#,
        r#" "bias": {"dtype": "F32", "data_offsets": [4, 8], "shape": [1]}}"#,
    );
    let mut file = with_header(header, 8);
    let data = file.len() - 8;
    file[data..].copy_from_slice(bytemuck::cast_slice(&[2_f32, 3.0].map(|scalar| scalar.to_bits().to_le())));
    let net: crate::layer::Affine<f32, 1, 1> = loaded(&file).unwrap();
    assert_eq!((net.weight[0], net.bias[0]), (2.0, 3.0));
}

/// The message for a header that lists these tensors, and 8 bytes of data.
fn of_tensors(tensors: &[(&str, &str, &str, &str)]) -> String {
    let tensor = |(name, dtype, shape, offsets): &(_, _, _, _)| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}"#)
    };
    let tensors: Vec<_> = tensors.iter().map(tensor).collect();
    message::<Nothing>(&with_header(&format!("{{{}}}", tensors.join(",")), 8))
}

#[test]
fn damaged_files_are_refused() {
    const START: &str = "expected a safetensors file, which starts with 8 bytes for the length of its header, found";
    assert_eq!(message::<Small>(b""), format!("{START} 0 bytes"));
    assert_eq!(message::<Small>(b"{}"), format!("{START} 2 bytes"));
    assert_eq!(
        message::<Small>(&[255; 30]),
        "expected a header of 18446744073709551615 bytes, as the first 8 bytes say, found 22 bytes after them"
    );
    let whole = saved(&Small::<f32>::zeros());
    assert_eq!(
        message::<Small>(&whole[..20]),
        "expected a header of 272 bytes, as the first 8 bytes say, found 12 bytes after them"
    );
    assert_eq!(message::<Small>(&whole[..300]), "expected 52 bytes of data after the header, found 20");
    assert_eq!(
        message::<Small>(&[&whole[..], b"more"].concat()),
        "expected 52 bytes of data after the header, found 56"
    );
}

#[test]
fn files_of_other_formats_are_called_by_their_names() {
    let of = |bytes: &[u8]| {
        let message = message::<Small>(bytes);
        message.strip_prefix("expected a safetensors file, found ").unwrap_or(&message).to_owned()
    };
    let torch = "such as `torch.save` writes: in Python, `safetensors.torch.save_file(model.state_dict(), path)` \
                         writes what is expected";
    assert_eq!(of(b"PK\x03\x04 an archive of PyTorch"), format!("a zip archive, {torch}"));
    assert_eq!(of(b"PK\x03\x04\0\0\0\0\0\0\0\0"), format!("a zip archive, {torch}"));
    assert_eq!(of(b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."), format!("a Python pickle, {torch}"));
    assert_eq!(of(b"\x80\x02}."), format!("a Python pickle, {torch}"));
    assert_eq!(
        of(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab\nsize 12345\n"),
        "a pointer of Git LFS to it: fetch it with `git lfs pull`"
    );
    let of_server = "an HTML or XML page, which a server may have sent in its place: download it again";
    for page in ["<!DOCTYPE html>\n<html>", "\r\n<HTML lang=en>", "\u{feff}<!doctype HTML>", "<?xml version=\"1.0\"?>"]
    {
        assert_eq!(of(page.as_bytes()), of_server);
    }
    let json = "a JSON text, such as an index or what a server sent in its place";
    assert_eq!(of(b"{\"metadata\": {\"total_size\": 1}}"), json);
    assert_eq!(of(b"{\n  \"error\": \"Not found\"}"), json);
    assert_eq!(of(b"Repository not found.\n"), "a text");
    assert_eq!(of(b"\x1f\x8b\x08\0\0\0\0\0\0\x03"), "a gzip file: unpack it");
    assert_eq!(of(b"\x28\xb5\x2f\xfd\0\0"), "a Zstandard file: unpack it");
    assert_eq!(of(b"BZh91AY&SY"), "a bzip2 file: unpack it");
    assert_eq!(of(b"\x93NUMPY\x01\0v\0"), "an array of numpy");
    assert_eq!(of(b"\x89HDF\r\n\x1a\n\0\0"), "an HDF5 file");
    assert_eq!(of(b"GGUF\x03\0\0\0"), "a GGUF file");
    assert_eq!(of(b"\x08\x07\x12\x07pytorch"), "an ONNX model");
    // The length of a header may look like anything.
    let long = format!(r#"{{"__metadata__":{{"a":"{}"}}}}"#, "a".repeat(0x0801));
    let long = with_header(&format!("{long:<7996}"), 0);
    assert_eq!(long[..2], *b"<\x1f");
    loaded::<Nothing>(&long).unwrap();
}

/// What a file says could clear the terminal of who reads it, or fill it.
#[test]
fn messages_are_short_and_hold_no_control_characters() {
    let check = |message: &str| {
        assert!(message.chars().all(|letter| letter == '\n' || !letter.is_control()), "{message:?}");
        assert!(!message.contains(['\u{202e}', '\u{2028}', '\u{200b}']), "{message:?}");
        assert!(message.len() < 2000, "{} bytes: {message}", message.len());
    };
    let hostile = "\\u001b[2J\\n\\u202e\\u2028\\u200b\u{202e}\u{7f}";
    let long = "long".repeat(100_000);
    let many = vec!["1"; 60].join(",");
    for word in [hostile, &long] {
        check(&of_tensors(&[(word, "F32", "[2]", "[0,8]")]));
        check(&of_tensors(&[(word, "F32", "[2]", "[8,0]")]));
        check(&of_tensors(&[("a", word, "[2]", "[0,8]")]));
        check(&of_tensors(&[("a", "F32", &format!("\"{word}\""), "[0,8]")]));
        check(&of_tensors(&[("a", "F32", &format!("[\"{word}\"]"), "[0,8]")]));
        check(&of_tensors(&[(word, "F32", "[1]", "[0,4]"), (word, "F32", "[1]", "[4,8]")]));
        check(&message::<Small>(&with_header(&format!("\"{word}\""), 8)));
        check(&message::<Small>(&with_header(&format!("{{\"a\":{{\"{word}\":0}}}}"), 8)));
    }
    check(&of_tensors(&[("a", "F32", &format!("[2,{many}]"), "[0,8]")]));
    check(&of_tensors(&[("a", "F32", &format!("[1,2,{many}]"), "[8,0]")]));
    check(&of_tensors(&[("a", "F32", &format!("[{}]", vec!["1"; 100_000].join(",")), "[0,8]")]));

    let error = load::<Small>("a\u{1b}[2J\n\u{202e}").unwrap_err().to_string();
    assert!(error.starts_with(r"a\u{1b}[2J\n\u{202e}: cannot be read: "), "{error}");
}

#[test]
fn twenty_differences_are_listed() {
    let header = |count: usize| {
        let tensor = |index| format!(r#""{index:03}":{{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#);
        with_header(&format!("{{{}}}", (0..count).map(tensor).collect::<Vec<_>>().join(",")), 0)
    };
    let listed = |count| message::<Nothing>(&header(count)).lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(listed(20)[19], "  019: the file has [0], the network no such tensor");
    assert_eq!(listed(20).len(), 20);
    assert_eq!(listed(1020)[20..], ["  and 1000 more"]);
}

#[test]
fn what_pytorch_counts_is_read_over() {
    let file = |prefix: &str| {
        let tensor = |name, start: usize| {
            format!(r#""{prefix}{name}":{{"dtype":"F32","shape":[1],"data_offsets":[{start},{}]}}"#, start + 4)
        };
        let tensors = ["weight", "bias", "running_mean", "running_var"].into_iter().zip([0, 4, 8, 12]);
        let tensors: Vec<_> = tensors.map(|(name, start)| tensor(name, start)).collect();
        let counter = format!(r#""{prefix}num_batches_tracked":{{"dtype":"I64","shape":[],"data_offsets":[16,24]}}"#);
        with_header(&format!("{{{},{counter}}}", tensors.join(",")), 24)
    };
    loaded::<Normal>(&file("batch_norm1.")).unwrap();
    loaded::<crate::layer::BatchNorm<f32, crate::Rank1<1>, 1>>(&file("")).unwrap();
}

network! {
    #[no_gradient_test]
    struct Normal(x: [1]) -> [1] { x.batch_norm() }
}

#[test]
fn a_prefix_is_named_once() {
    let file = |prefix: &str, more: &str| {
        let mut start = 0;
        let tensor = |(name, shape, len): &(&str, &str, usize)| {
            start += len;
            format!(r#""{prefix}{name}":{{"dtype":"F32","shape":{shape},"data_offsets":[{},{start}]}}"#, start - len)
        };
        let tensors = [("affine1.weight", "[3,2]", 24), ("affine1.bias", "[3]", 12), ("affine2.weight", "[1,3]", 12)];
        let tensors: Vec<_> = tensors.iter().chain(&[("affine2.bias", "[1]", 4)]).map(tensor).collect();
        with_header(&format!("{{{}{more}}}", tensors.join(",")), 52)
    };
    let start = "expected the tensors of the network, found others:";
    for prefix in ["module.", "_orig_mod.", "model.net.", "net_"] {
        let expected = format!(
            "{start}\n  all names in the file start with `{prefix}`, those of the network do not: in Python, with \
             `safetensors.torch`, `save_file({{name.removeprefix(\"{prefix}\"): tensor for name, tensor in \
             load_file(path).items()}}, path)` removes it"
        );
        assert_eq!(message::<Small>(&file(prefix, "")), expected);
        let counter = format!(r#","{prefix}a.num_batches_tracked":{{"dtype":"I64","shape":[0],"data_offsets":[0,0]}}"#);
        assert_eq!(message::<Small>(&file(prefix, &counter)), expected);
    }
    loaded::<Small>(&file("", "")).unwrap();
    assert_eq!(
        message::<Around>(&file("", "")),
        format!(
            "{start}\n  all names of the network start with `net1.`, those in the file do not: load it as that part, \
             `network.net1 = checkpoint::load(path)?`"
        )
    );
    // What differs besides is said besides.
    let other = r#","module.other":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#;
    let message = message::<Small>(&file("module.", other));
    assert!(message.ends_with("\n  module.other: the file has [0], the network no such tensor"), "{message}");
    assert_eq!(message.lines().count(), 3);
}

network! {
    #[no_gradient_test]
    struct Around(x: [2]) -> [1] { x.net::<Small>() }
}

network! {
    #[no_gradient_test]
    struct Recurrent(x: [4, 3]) -> [4, 2] { x.rnn(2).gru(2).lstm(2) }
}

/// `PyTorch` adds `_l0` to the names of layers that can hold several, and its cells do not, nor did constgrad.
#[test]
fn recurrent_layers_have_the_names_of_both() {
    let net: Recurrent = random(7);
    let file = saved(&net);
    let text = String::from_utf8_lossy(&file);
    for layer in ["rnn1", "gru1", "lstm1"] {
        for tensor in ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"] {
            assert!(text.contains(&format!("\"{layer}.{tensor}\"")), "{text}");
        }
    }
    let length = usize::try_from(u64::from_le_bytes(*file.first_chunk().unwrap())).unwrap();
    let (json, data) = file[8..].split_at(length);
    let json = std::str::from_utf8(json).unwrap().replace("_l0", "");
    let before = [&(json.len() as u64).to_le_bytes(), json.as_bytes(), data].concat();
    assert_eq!(bits(&loaded::<Recurrent>(&before).unwrap()), bits(&net));
}

#[test]
fn a_header_is_no_longer_than_others_allow() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net");
    // A file that takes no room on the disk.
    let file = fs::File::create(&path).unwrap();
    file.set_len(8 + (1 << 31)).unwrap();
    std::io::Write::write_all(&mut &file, &(1_u64 << 31).to_le_bytes()).unwrap();
    let error = load::<Small>(&path).unwrap_err().to_string();
    assert!(
        error.ends_with(
            "net: expected a header of at most 100000000 bytes, found one of 2147483648, as the first 8 bytes say"
        ),
        "{error}"
    );
}

#[test]
fn hostile_headers_are_refused() {
    const JSON: &str = "expected a header that lists tensors as JSON, found:";
    let of_header = |header: &str| message::<Small>(&with_header(header, 0));
    assert_eq!(of_header(""), format!("{JSON} EOF while parsing a value at line 1 column 0"));
    assert_eq!(of_header("{} {}"), format!("{JSON} trailing characters at line 1 column 4"));
    assert_eq!(
        of_header("[]"),
        format!("{JSON} invalid type: sequence, expected an object of tensors by name at line 1 column 0")
    );
    assert_eq!(
        of_header(&"[".repeat(1000)),
        format!("{JSON} invalid type: sequence, expected an object of tensors by name at line 1 column 0")
    );
    let deep = format!(r#"{{"a":{{"dtype":"F32","other":{}"#, "[".repeat(1000));
    assert_eq!(of_header(&deep), format!("{JSON} EOF while parsing a list at line 1 column 1028"));
    let mut not_utf8 = with_header(r#"{"?":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8);
    not_utf8[10] = 0xff;
    assert_eq!(message::<Small>(&not_utf8), format!("{JSON} invalid unicode code point at line 1 column 3"));

    let first = ("a", "F32", "[1]", "[0,4]");
    assert_eq!(
        of_tensors(&[("a", "F31", "[2]", "[0,8]")]).split(", expected").next().unwrap(),
        format!("{JSON} unknown variant `F31`")
    );
    assert_eq!(
        of_tensors(&[("a", "F32", "[-2]", "[0,8]")]),
        format!("{JSON} invalid value: integer `-2`, expected usize at line 1 column 31")
    );
    assert_eq!(
        of_tensors(&[first, ("a", "F32", "[1]", "[4,8]")]),
        format!("{JSON} two tensors named `a` at line 1 column 57")
    );
    // Overlap, gap, too short, backwards.
    let place = |offsets| of_tensors(&[first, ("b", "F32", "[1]", offsets)]);
    assert_eq!(place("[0,4]"), "expected the data of `b`, F32 [1], at bytes 4..8, found it at 0..4");
    assert_eq!(place("[5,9]"), "expected the data of `b`, F32 [1], at bytes 4..8, found it at 5..9");
    assert_eq!(place("[4,6]"), "expected the data of `b`, F32 [1], at bytes 4..8, found it at 4..6");
    assert_eq!(place("[8,4]"), "expected the data of `b`, F32 [1], at bytes 4..8, found it at 8..4");
    assert_eq!(
        of_tensors(&[("\\n", "F32", "[1]", "[4,8]")]),
        "expected the data of `\\n`, F32 [1], at bytes 0..4, found it at 4..8"
    );
    assert_eq!(
        of_tensors(&[("a", "F64", "[4294967296,4294967296]", "[0,8]")]),
        "expected the data of `a`, F64 [4294967296, 4294967296], at bytes 0..2305843009213693952, found it at 0..8"
    );
    assert_eq!(
        of_tensors(&[("a", "U8", "[1000000000000]", "[0,1000000000000]")]),
        "expected 1000000000000 bytes of data after the header, found 8"
    );
    let huge = format!("[0,{}]", u64::MAX);
    assert_eq!(
        of_tensors(&[("a", "U8", &format!("[{}]", u64::MAX), &huge)]),
        format!(
            "expected the data of `a`, U8 [{}], at bytes 0..{}, found it at 0..{}",
            u64::MAX,
            1_u64 << 61,
            u64::MAX
        )
    );
}

#[test]
fn another_network_is_refused_tensor_by_tensor() {
    let file = saved(&Small::<f64>::zeros());
    assert_eq!(
        message::<Wider<f32>>(&file),
        "\
expected the tensors of the network, found others:
  affine1.weight: the file has [3, 2], the network [4, 2]
  affine1.weight: the file has scalars of type F64, the network takes F32
  affine1.bias: the file has [3], the network [4]
  affine1.bias: the file has scalars of type F64, the network takes F32
  head.weight: the file has no such tensor, the network has [1, 4]
  head.bias: the file has no such tensor, the network has [1]
  affine2.bias: the file has [1], the network no such tensor
  affine2.weight: the file has [1, 3], the network no such tensor"
    );
    let half = with_header(
        r#"{"weight":{"dtype":"BF16","shape":[1,1],"data_offsets":[0,2]},"bias":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
        6,
    );
    let ErrorKind::OtherNetwork { differences, more: 0 } =
        loaded::<crate::layer::Affine<f64, 1, 1>>(&half).unwrap_err().kind
    else {
        panic!("the types are others");
    };
    let network = "F64 or F32";
    assert_eq!(differences, [Difference::Type { name: "weight".into(), file: "BF16".into(), network }]);
}

#[test]
fn files_that_cannot_be_opened_or_written_are_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("none").join("net");
    let refused = |error: Error, words: &str| {
        assert!(error.to_string().starts_with(&format!("{}: {words}", error.path.display())), "{error}");
    };
    refused(load::<Small>(&path).unwrap_err(), "cannot be read");
    refused(load::<Small>(folder.path()).unwrap_err(), "cannot be read: it is a folder, not a file");
    refused(save(&Small::<f32>::zeros(), folder.path()).unwrap_err(), "cannot be written: it is a folder, not a file");
    if cfg!(unix) {
        let refusal = "it is a device, not a file";
        refused(load::<Small>("/dev/zero").unwrap_err(), &format!("cannot be read: {refusal}"));
        refused(save(&Small::<f32>::zeros(), "/dev/null").unwrap_err(), &format!("cannot be written: {refusal}"));
    }
    refused(save(&Small::<f32>::zeros(), &path).unwrap_err(), "cannot be written");
    refused(save(&Small::<f32>::zeros(), folder.path().join("..")).unwrap_err(), "cannot be written");
    refused(save(&Small::<f32>::zeros(), Path::new("")).unwrap_err(), "cannot be written");
}

#[test]
fn no_damage_panics() {
    let net: Small = random(3);
    let whole = saved(&net);
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net");
    for len in 0..whole.len() {
        fs::write(&path, &whole[..len]).unwrap();
        load::<Small>(&path).unwrap_err();
    }
    let mut rng = SmallRng::seed_from_u64(4);
    for index in 0..whole.len() {
        for flip in [1, 0x80, rng.random_range(1..=255)] {
            let mut damaged = whole.clone();
            damaged[index] ^= flip;
            fs::write(&path, &damaged).unwrap();
            let is_data = index >= whole.len() - 52;
            match load::<Small>(&path) {
                Ok(found) => {
                    let others = bits(&found).iter().zip(bits(&net)).filter(|&(&found, byte)| found != byte).count();
                    assert_eq!(others, usize::from(is_data));
                }
                Err(error) => assert!(!is_data, "{error}"),
            }
        }
    }
    for _ in 0..2000 {
        let mut damaged = whole.clone();
        for _ in 0..rng.random_range(2..8) {
            let index = rng.random_range(8..whole.len());
            damaged[index] = b"0123456789[]{},:\"-eF"[rng.random_range(0..20)];
        }
        fs::write(&path, &damaged).unwrap();
        _ = load::<Small>(&path);
    }
}

const SAME: Layout = Layout::fields(&[("same", &Layout::trained(&[2])), ("same", &Layout::trained(&[2]))]);
const LONGER: Layout = Layout::fields(&[("0", &Layout::trained(&[3])), ("1", &Layout::trained(&[3]))]);

/// Two tensors of one name, or dims that are not those of the tensor.
#[derive(Clone, Debug, PartialEq)]
struct Careless<const SAME_NAME: bool, T: Scalar>([Tensor<T, 2, 1>; 2]);

impl<const SAME_NAME: bool, T: Scalar> Parameters for Careless<SAME_NAME, T> {
    type Scalar = T;

    const LAYOUT: &'static Layout = if SAME_NAME { &SAME } else { &LONGER };

    fn tensor(&self, index: usize) -> &[T] {
        self.0[index].as_slice()
    }
}

impl<const SAME_NAME: bool, T: Scalar> Trainable for Careless<SAME_NAME, T> {
    fn zeros() -> Self {
        Self([Tensor::zeros(), Tensor::zeros()])
    }

    fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        Self::zeros()
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        self.0[index].as_mut_slice()
    }
}

#[test]
#[should_panic(expected = "two tensors are named `same`")]
fn names_are_unique() {
    saved(&Careless::<true, f32>::zeros());
}

#[test]
#[should_panic(expected = "`0` has 2 scalars, but dims [3]")]
fn dims_are_those_of_the_tensor() {
    saved(&Careless::<false, f32>::zeros());
}
