//! What a file says of its tensors: eight bytes for the length of a JSON object, which gives each name a type, a shape and
//! a place in the data that follows. See the [format](https://github.com/huggingface/safetensors#format).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::error::{Difference, ErrorKind};
use super::tensor::Tensor;
use crate::Role;
use crate::file::Format;

/// The number of bytes that say how long the header is.
const LEN: usize = 8;

/// The longest header, as the library `safetensors` has it.
const LONGEST: u64 = 100_000_000;

/// The most sizes of a shape: those of `PyTorch` and of `numpy` have no more.
const MOST_SIZES: usize = 64;

/// The most differences that are listed.
const MOST_DIFFERENCES: usize = 20;

/// Free text may stand under this name.
const METADATA: &str = "__metadata__";

/// What `PyTorch` counts beside the running statistics of batch normalisation, and does not need.
const COUNTER: &str = "num_batches_tracked";

/// What `PyTorch` adds to the names of a layer of `nn.RNN`, `nn.LSTM` and `nn.GRU`, which can hold several. `nn.RNNCell` and
/// its kin lack it, as did constgrad's own files.
const FIRST_OF_SEVERAL: &str = "_l0";

/// The tensors of a file, which fill it without gap or overlap.
pub(super) struct Header {
    tensors: BTreeMap<String, Info>,
    /// Where in the file the data starts.
    data: u64,
}

impl Header {
    /// Reads the start of a file. Memory grows with what is there, not with what it claims.
    pub(super) fn read(file: &mut File) -> Result<Self, ErrorKind> {
        let length = file.metadata().map_err(ErrorKind::NotRead)?.len();
        let mut start = [0; Format::START];
        let len = io::copy(&mut file.take(Format::START as u64), &mut &mut start[..]).map_err(ErrorKind::NotRead)?;
        let start = &start[..usize::try_from(len).expect("it is no longer")];
        if let Some(found) = Format::of(start).filter(|&format| format != Format::Safetensors) {
            return Err(ErrorKind::OtherFormat { found });
        }
        let Some((&expected, start)) = start.split_first_chunk::<LEN>() else {
            return Err(ErrorKind::TooShort { found: start.len() as u64 });
        };
        let (expected, found) = (u64::from_le_bytes(expected), length.saturating_sub(LEN as u64));
        let Some(data_len) = found.checked_sub(expected) else {
            return Err(ErrorKind::HeaderLength { expected, found });
        };
        if expected > LONGEST {
            return Err(ErrorKind::HeaderTooLong { most: LONGEST, found: expected });
        }
        let mut json = Vec::new();
        start.chain(file).take(expected).read_to_end(&mut json).map_err(ErrorKind::NotRead)?;
        let Tensors(tensors) =
            serde_json::from_slice(&json).map_err(|error| ErrorKind::Header { reason: error.to_string() })?;
        check_places(&tensors, data_len)?;
        Ok(Self { tensors, data: LEN as u64 + expected })
    }

    /// Whether these are the tensors of a network over `dtype`. Statistics among the `others` that it has may be there too.
    pub(super) fn check(&self, network: &[Tensor], others: &[Tensor], dtype: Dtype) -> Result<(), ErrorKind> {
        let prefixes = self.prefixes(network);
        let prefix = match prefixes.map(str::to_owned) {
            [in_file, in_network] if in_file.is_empty() && in_network.is_empty() => None,
            [prefix, in_network] if in_network.is_empty() => Some(Difference::PrefixInFile { prefix }),
            [_, prefix] => Some(Difference::PrefixInNetwork { prefix }),
        };
        let found: Vec<_> = network.iter().map(|tensor| self.find(&tensor.name, prefixes)).collect();
        let names: BTreeSet<_> = found.iter().flatten().map(|(name, _)| *name).collect();
        let of_network = network.iter().zip(&found).flat_map(|(tensor, found)| difference(tensor, *found, dtype));
        let is_statistic =
            |name: &&str| others.iter().any(|other| other.role == Role::Statistic && other.name == **name);
        let unexpected = self.names().filter(|name| !names.contains(name) && !is_statistic(name));
        let unexpected = unexpected
            .map(|name| Difference::Unexpected { name: name.to_owned(), file: self.tensors[name].shape.clone() });
        let mut all = prefix.into_iter().chain(of_network).chain(unexpected);
        let differences: Vec<_> = all.by_ref().take(MOST_DIFFERENCES).collect();
        let more = all.count();
        if differences.is_empty() { Ok(()) } else { Err(ErrorKind::OtherNetwork { differences, more }) }
    }

    /// What all names in the file start with, or else all of the network, where nothing but this keeps these from being
    /// found.
    fn prefixes<'a>(&'a self, network: &'a [Tensor]) -> [&'a str; 2] {
        let (Some(of_file), Some(of_network)) = (self.names().next(), network.first()) else { return [""; 2] };
        let in_file = network.iter().filter_map(|tensor| of_file.strip_suffix(&*tensor.name));
        let in_network = self.names().filter_map(|name| of_network.name.strip_suffix(name));
        let mut either = in_file.map(|prefix| [prefix, ""]).chain(in_network.map(|prefix| ["", prefix]));
        let differ_in_nothing_else = |prefixes: &[&str; 2]| {
            network.iter().all(|tensor| self.find(&tensor.name, *prefixes).is_some())
                && self.names().all(|name| name.starts_with(prefixes[0]))
        };
        either.find(differ_in_nothing_else).unwrap_or([""; 2])
    }

    /// The names that mean something.
    fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str).filter(|name| name.rsplit('.').next() != Some(COUNTER))
    }

    /// The tensor of that name in the network, or of the same name as it is elsewhere, where one prefix stands for the other.
    fn find(&self, name: &str, [in_file, in_network]: [&str; 2]) -> Option<(&str, &Info)> {
        let name = format!("{in_file}{}", name.strip_prefix(in_network)?);
        let other = name.strip_suffix(FIRST_OF_SEVERAL);
        let found = self.tensors.get_key_value(&name).or_else(|| self.tensors.get_key_value(other?));
        found.map(|(name, info)| (&**name, info))
    }

    /// The type of the scalars of a tensor, and where in the file they start.
    ///
    /// # Panics
    /// If there is no such tensor.
    pub(super) fn place(&self, name: &str) -> (Dtype, u64) {
        let (_, info) = self.find(name, [""; 2]).expect("the tensors were checked");
        (info.dtype, self.data + info.data_offsets.0)
    }
}

/// How a tensor of a network over `dtype` differs from what the file has of it.
fn difference(tensor: &Tensor, found: Option<(&str, &Info)>, dtype: Dtype) -> Vec<Difference> {
    let (name, network) = (tensor.name.clone(), tensor.dims);
    let Some((_, info)) = found else { return vec![Difference::Missing { name, network }] };
    let mut differences = Vec::new();
    if info.shape != network {
        differences.push(Difference::Shape { name: name.clone(), file: info.shape.clone(), network });
    }
    if info.dtype != dtype && info.dtype != Dtype::F32 {
        let network = if dtype == Dtype::F32 { "F32" } else { "F64 or F32" };
        differences.push(Difference::Type { name, file: info.dtype.to_string(), network });
    }
    differences
}

/// Whether the tensors, in the order of their places, lie end to end, each as long as its shape says, in `data_len` bytes.
fn check_places(tensors: &BTreeMap<String, Info>, data_len: u64) -> Result<(), ErrorKind> {
    let mut in_order: Vec<_> = tensors.iter().collect();
    in_order.sort_by_key(|(_, info)| info.data_offsets);
    let mut end = 0_u64;
    for (name, Info { dtype, shape, data_offsets: (start, stop) }) in in_order {
        // Saturated, it is longer than any file.
        let scalars = shape.iter().fold(1_u64, |product, &size| product.saturating_mul(size as u64));
        let len = scalars.saturating_mul(dtype.bitsize() as u64).div_ceil(8);
        let (expected, found) = (end..end.saturating_add(len), *start..*stop);
        if found != expected {
            let (name, what) = (name.clone(), format!("{dtype} {shape:?}"));
            return Err(ErrorKind::Place { name, what, expected, found });
        }
        end = expected.end;
    }
    if end == data_len { Ok(()) } else { Err(ErrorKind::DataLength { expected: end, found: data_len }) }
}

/// A header for tensors that follow in this order, with its length, and padded so that data starts at a multiple of 8.
///
/// # Panics
/// If one of them is larger than memory.
pub(super) fn encode<'a>(dtype: Dtype, tensors: impl Iterator<Item = &'a Tensor>) -> Vec<u8> {
    let mut end = 0;
    let info = |tensor: &Tensor| {
        let start = end;
        end += tensor.dims.iter().product::<usize>() * dtype.bitsize() / 8;
        (tensor.name.clone(), TensorInfo { dtype, shape: tensor.dims.to_vec(), data_offsets: (start, end) })
    };
    let metadata = Metadata::new(None, tensors.map(info).collect()).expect("tensors lie end to end");
    let mut json = serde_json::to_vec(&metadata).expect("names and numbers are JSON");
    json.resize(json.len().next_multiple_of(LEN), b' ');
    [&(json.len() as u64).to_le_bytes()[..], &json].concat()
}

/// The JSON of a header. The library `safetensors` would build a tree of it first, many times as large, and keep the last
/// of two tensors of one name.
struct Tensors(BTreeMap<String, Info>);

/// What a header says of a tensor.
#[derive(Deserialize)]
struct Info {
    dtype: Dtype,
    #[serde(deserialize_with = "sizes")]
    shape: Vec<usize>,
    data_offsets: (u64, u64),
}

/// A shape, which takes many times the memory of its text.
fn sizes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<usize>, D::Error> {
    deserializer.deserialize_seq(SizesVisitor)
}

struct SizesVisitor;

impl<'de> Visitor<'de> for SizesVisitor {
    type Value = Vec<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of sizes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<usize>, A::Error> {
        let mut sizes = Vec::new();
        while let Some(size) = list.next_element()? {
            if sizes.len() == MOST_SIZES {
                return Err(A::Error::custom(format_args!("a shape of more than {MOST_SIZES} sizes")));
            }
            sizes.push(size);
        }
        Ok(sizes)
    }
}

impl<'de> Deserialize<'de> for Tensors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(TensorsVisitor)
    }
}

struct TensorsVisitor;

impl<'de> Visitor<'de> for TensorsVisitor {
    type Value = Tensors;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of tensors by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tensors, A::Error> {
        let mut tensors = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == METADATA {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match tensors.entry(name) {
                Entry::Vacant(entry) => _ = entry.insert(map.next_value()?),
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!("two tensors named `{}`", entry.key())));
                }
            }
        }
        Ok(Tensors(tensors))
    }
}
