//! What a file says of its tensors: eight bytes for the length of a JSON object, which gives each name a type, a shape and
//! a place in the data that follows. See the [format](https://github.com/huggingface/safetensors#format).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::fs::File;
use std::io::Read;

use safetensors::Dtype;
use safetensors::tensor::{Metadata, TensorInfo};
use serde::de::{Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{Difference, ErrorKind, Tensor};

/// The number of bytes that say how long the header is.
const LEN: usize = 8;

/// Free text may stand under this name.
const METADATA: &str = "__metadata__";

/// What `PyTorch` counts beside the running statistics of batch normalisation, and does not need.
const COUNTER: &str = ".num_batches_tracked";

/// The tensors of a file, which fill it without gap or overlap.
pub(super) struct Header {
    tensors: BTreeMap<String, TensorInfo>,
    /// Where in the file the data starts.
    data: u64,
}

impl Header {
    /// Reads the start of a file. Memory grows with what is there, not with what it claims.
    pub(super) fn read(file: &mut File) -> Result<Self, ErrorKind> {
        let length = file.metadata().map_err(ErrorKind::NotRead)?.len();
        let mut start = Vec::new();
        file.take(LEN as u64).read_to_end(&mut start).map_err(ErrorKind::NotRead)?;
        let Some(&expected) = start.first_chunk::<LEN>() else {
            return Err(ErrorKind::TooShort { found: start.len() as u64 });
        };
        let (expected, found) = (u64::from_le_bytes(expected), length.saturating_sub(LEN as u64));
        let Some(data_len) = found.checked_sub(expected) else {
            return Err(ErrorKind::HeaderLength { expected, found });
        };
        let mut json = Vec::new();
        file.take(expected).read_to_end(&mut json).map_err(ErrorKind::NotRead)?;
        let Tensors(tensors) =
            serde_json::from_slice(&json).map_err(|error| ErrorKind::Header { reason: error.to_string() })?;
        check_places(&tensors, data_len)?;
        Ok(Self { tensors, data: LEN as u64 + expected })
    }

    /// What keeps these tensors from being those of a network over `dtype`.
    pub(super) fn differences(&self, network: &[Tensor], dtype: Dtype) -> Vec<Difference> {
        let of_network = network.iter().flat_map(|tensor| self.difference(tensor, dtype));
        let names: Vec<_> = network.iter().map(|tensor| &tensor.name).collect();
        let unexpected = self.tensors.iter().filter(|(name, _)| !names.contains(name) && !name.ends_with(COUNTER));
        let unexpected =
            unexpected.map(|(name, info)| Difference::Unexpected { name: name.clone(), file: info.shape.clone() });
        of_network.chain(unexpected).collect()
    }

    fn difference(&self, tensor: &Tensor, dtype: Dtype) -> Vec<Difference> {
        let (name, network) = (tensor.name.clone(), tensor.dims);
        let Some(info) = self.tensors.get(&name) else { return vec![Difference::Missing { name, network }] };
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

    /// The type of the scalars of a tensor, and where in the file they start.
    ///
    /// # Panics
    /// If there is no such tensor.
    pub(super) fn place(&self, name: &str) -> (Dtype, u64) {
        let info = &self.tensors[name];
        (info.dtype, self.data + info.data_offsets.0 as u64)
    }
}

/// Whether the tensors, in the order of their places, lie end to end, each as long as its shape says, in `data_len` bytes.
fn check_places(tensors: &BTreeMap<String, TensorInfo>, data_len: u64) -> Result<(), ErrorKind> {
    let mut in_order: Vec<_> = tensors.iter().collect();
    in_order.sort_by_key(|(_, info)| info.data_offsets);
    let mut end = 0_u64;
    for (name, TensorInfo { dtype, shape, data_offsets: (start, stop) }) in in_order {
        // Saturated, it is longer than any file.
        let scalars = shape.iter().fold(1_u64, |product, &size| product.saturating_mul(size as u64));
        let len = scalars.saturating_mul(dtype.bitsize() as u64).div_ceil(8);
        let (expected, found) = (end..end.saturating_add(len), *start as u64..*stop as u64);
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
struct Tensors(BTreeMap<String, TensorInfo>);

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
                    return Err(A::Error::custom(format_args!("two tensors named `{}`", entry.key().escape_debug())));
                }
            }
        }
        Ok(Tensors(tensors))
    }
}
