//! Networks in files, in the format of [safetensors](https://github.com/huggingface/safetensors), which `PyTorch` and
//! others read and write too.
//!
//! A tensor is found by its [name](Parameters::tensor_name), which is a path of fields such as `affine1.weight`, and has
//! the [shape](Parameters::tensor_dims) and the order of scalars that `PyTorch` gives it. So a `state_dict` loads where its
//! modules are named like the fields of the network, and `load_state_dict` takes what was saved here.

mod error;
mod header;
mod replace;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use safetensors::Dtype;

pub use error::{Difference, Error, ErrorKind};

use crate::{Parameters, Scalar};
use header::Header;

/// Scalars that are converted at a time.
const CHUNK: usize = 1024;

/// Writes the parameters of `net` to a file, bit by bit as they are.
///
/// The file is written under another name beside it, synced and renamed: whenever this ends, and however, `path` names
/// the old file or the new one, whole. A symbolic link is replaced, not followed.
///
/// # Errors
/// If it cannot be written. If only the last sync of the folder failed, `path` is the new file already.
///
/// # Panics
/// If a layer of one's own gives two tensors one name, or a tensor dims that do not multiply to its length; or if `net` is a
/// gradient, or the state of an optimizer, and so has no scalars for a frozen layer.
pub fn save<N: Parameters>(net: &N, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let tensors = tensors::<N>();
    let mut entries: Vec<(&Tensor, &[u8])> = tensors
        .iter()
        .enumerate()
        .map(|(index, tensor)| (tensor, bytemuck::cast_slice(tensor.checked(net.tensor(index)))))
        .collect();
    entries.sort_by_key(|(tensor, _)| &tensor.name);
    replace::file(path, |file| write(file, dtype::<N::Scalar>(), &entries))
        .map_err(|error| ErrorKind::NotWritten(error).of(path))
}

/// Reads a network from a file: the very bits, or for an `f64` network also the same values in `F32`.
///
/// Everything that the header of the file says is compared with the network and with the length of the file before the
/// network is allocated.
///
/// # Errors
/// If the file cannot be read, is damaged, or holds other tensors than those of the network: then the error lists each
/// difference.
///
/// # Panics
/// As [`save`].
pub fn load<N: Parameters>(path: impl AsRef<Path>) -> Result<N, Error> {
    let path = path.as_ref();
    read(path).map_err(|kind| kind.of(path))
}

fn read<N: Parameters>(path: &Path) -> Result<N, ErrorKind> {
    let mut file = File::open(path).map_err(ErrorKind::NotRead)?;
    let header = Header::read(&mut file)?;
    let tensors = tensors::<N>();
    let differences = header.differences(&tensors, dtype::<N::Scalar>());
    if !differences.is_empty() {
        return Err(ErrorKind::OtherNetwork(differences));
    }
    let mut net = N::zeros();
    for (index, tensor) in tensors.iter().enumerate() {
        tensor.checked(net.tensor(index));
        let (dtype, start) = header.place(&tensor.name);
        file.seek(SeekFrom::Start(start)).map_err(ErrorKind::NotRead)?;
        read_tensor(&mut file, dtype, net.tensor_mut(index)).map_err(ErrorKind::NotRead)?;
    }
    Ok(net)
}

/// What a tensor of the network is called, and its dims.
struct Tensor {
    name: String,
    dims: &'static [usize],
}

impl Tensor {
    /// Its `scalars`.
    ///
    /// # Panics
    /// If they are not as many as the dims say.
    fn checked<'a, T>(&self, scalars: &'a [T]) -> &'a [T] {
        let Self { name, dims } = self;
        assert!(
            scalars.len() == dims.iter().product::<usize>(),
            "`{name}` has {} scalars, but dims {dims:?}",
            scalars.len()
        );
        scalars
    }
}

/// All tensors of a network, in its order.
///
/// # Panics
/// If two have the same name.
fn tensors<N: Parameters>() -> Vec<Tensor> {
    let tensor = |index| Tensor { name: N::tensor_name(index), dims: N::tensor_dims(index) };
    let tensors: Vec<_> = (0..N::TENSORS).map(tensor).collect();
    let mut names = BTreeSet::new();
    for Tensor { name, .. } in &tensors {
        assert!(names.insert(name), "two tensors are named `{name}`");
    }
    tensors
}

fn dtype<T: Scalar>() -> Dtype {
    if size_of::<T>() == size_of::<f32>() { Dtype::F32 } else { Dtype::F64 }
}

/// Writes header and data.
fn write(file: &mut File, dtype: Dtype, entries: &[(&Tensor, &[u8])]) -> io::Result<()> {
    file.write_all(&header::encode(dtype, entries.iter().map(|(tensor, _)| *tensor)))?;
    let width = dtype.bitsize() / 8;
    let mut buffer = [0; 8 * CHUNK];
    for (_, bytes) in entries {
        for bytes in bytes.chunks(buffer.len()) {
            let buffer = &mut buffer[..bytes.len()];
            buffer.copy_from_slice(bytes);
            little_endian(buffer, width);
            file.write_all(buffer)?;
        }
    }
    Ok(())
}

/// Reads the scalars of one tensor, which are of type `found` in the file: that of `T`, or `F32`.
fn read_tensor<T: Scalar>(file: &mut File, found: Dtype, tensor: &mut [T]) -> io::Result<()> {
    if found == dtype::<T>() {
        let bytes = bytemuck::cast_slice_mut(tensor);
        file.read_exact(bytes)?;
        little_endian(bytes, size_of::<T>());
        return Ok(());
    }
    let mut buffer = [0_f32; CHUNK];
    for tensor in tensor.chunks_mut(CHUNK) {
        let buffer = &mut buffer[..tensor.len()];
        let bytes = bytemuck::cast_slice_mut(buffer);
        file.read_exact(bytes)?;
        little_endian(bytes, size_of::<f32>());
        for (scalar, &narrow) in tensor.iter_mut().zip(&*buffer) {
            *scalar = T::nearest(f64::from(narrow));
        }
    }
    Ok(())
}

/// From the byte order of the machine to that of the file, or back.
fn little_endian(bytes: &mut [u8], width: usize) {
    if cfg!(target_endian = "big") {
        bytes.chunks_exact_mut(width).for_each(<[u8]>::reverse);
    }
}
