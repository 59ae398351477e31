use std::fs;
use std::path::Path;

use rand::rngs::SmallRng;
use rand::{Rng, RngExt, SeedableRng};
use tempfile::TempDir;

use super::{Difference, Error, ErrorKind, load, save};
use crate::{Init, Parameters, Scalar, Tensor, network};

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
fn random<N: Parameters>(seed: u64) -> N {
    let mut net = N::zeros();
    let mut rng = SmallRng::seed_from_u64(seed);
    for index in 0..N::TENSORS {
        rng.fill(bytemuck::cast_slice_mut::<_, u8>(net.tensor_mut(index)));
    }
    net
}

fn bits<N: Parameters>(net: &N) -> Vec<u8> {
    (0..N::TENSORS).flat_map(|index| bytemuck::cast_slice::<_, u8>(net.tensor(index))).copied().collect()
}

/// The bytes of a file that holds `net`.
fn saved<N: Parameters>(net: &N) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net");
    save(net, &path).unwrap();
    fs::read(path).unwrap()
}

/// What a file of these bytes holds.
fn loaded<N: Parameters>(bytes: &[u8]) -> Result<N, Error> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("net");
    fs::write(&path, bytes).unwrap();
    load(path)
}

/// The message for a file of these bytes, after its name.
fn message<N: Parameters>(bytes: &[u8]) -> String {
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

#[test]
fn every_bit_returns() {
    fn check<N: Parameters>() {
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
    assert_eq!(saved(&Nothing::<f64>::new()), with_header("{}      ", 0));
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
        message::<Small>(b"PK\x03\x04 an archive of PyTorch"),
        "expected a header of 2336912046786038608 bytes, as the first 8 bytes say, found 18 bytes after them"
    );
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
    let ErrorKind::OtherNetwork(differences) = loaded::<crate::layer::Affine<f64, 1, 1>>(&half).unwrap_err().kind
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
        assert!(error.to_string().starts_with(&format!("{}: {words}: ", error.path.display())), "{error}");
    };
    refused(load::<Small>(&path).unwrap_err(), "cannot be read");
    refused(load::<Small>(folder.path()).unwrap_err(), "cannot be read");
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

/// Two tensors of one name, or dims that are not those of the tensor.
#[derive(Clone, Debug, PartialEq)]
struct Careless<const SAME_NAME: bool, T: Scalar>([Tensor<T, 2, 1>; 2]);

impl<const SAME_NAME: bool, T: Scalar> Parameters for Careless<SAME_NAME, T> {
    type Scalar = T;

    const TENSORS: usize = 2;
    const COUNT: usize = 4;

    fn zeros() -> Self {
        Self([Tensor::zeros(), Tensor::zeros()])
    }

    fn init_with<R: Rng + ?Sized>(_: Init, _: &mut R) -> Self {
        Self::zeros()
    }

    fn tensor(&self, index: usize) -> &[T] {
        self.0[index].as_slice()
    }

    fn tensor_mut(&mut self, index: usize) -> &mut [T] {
        self.0[index].as_mut_slice()
    }

    fn tensor_name(index: usize) -> String {
        if SAME_NAME { "same".into() } else { index.to_string() }
    }

    fn tensor_dims(_: usize) -> &'static [usize] {
        if SAME_NAME { &[2] } else { &[3] }
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
