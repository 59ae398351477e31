//! Networks in files, in the format of [safetensors](https://github.com/huggingface/safetensors), which `PyTorch` and
//! others read and write too.
//!
//! A tensor is found by its [name](crate::TensorName), which is a path of fields such as `affine1.weight`, and has
//! the [shape](crate::TensorInfo::dims) and the order of scalars that `PyTorch` gives it. So a `state_dict` loads where its
//! modules are named like the fields of the network, and `load_state_dict` takes what was saved here. Tensors of
//! [`Rnn`](crate::layer::Rnn), [`Lstm`](crate::layer::Lstm) and [`Gru`](crate::layer::Gru) have the names of `nn.RNN`,
//! `nn.LSTM` and `nn.GRU`, such as `lstm1.weight_ih_l0`; those of `nn.LSTMCell`, without `_l0`, load as well.
//!
//! # Going on with training
//!
//! What an optimizer remembers is saved like the network, a file each, and comes back through [`load_state`], bit by bit: it
//! has nothing for a [frozen](crate::layer::Frozen) layer, and neither has its file. The optimizer's numbers are for the
//! program to keep.
//!
//! ```
//! use constgrad::checkpoint;
//! use constgrad::prelude::*;
//!
//! network! {
//!     #[loss(mean_squared_error)]
//!     pub struct Tuned(x: [2]) -> [1] {
//!         #[frozen]
//!         let features = x.affine(8).tanh();
//!         features.affine(1)
//!     }
//! }
//!
//! # use constgrad::rand::{SeedableRng, rngs::SmallRng};
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! # let mut net = Tuned::<f32>::init(&mut SmallRng::seed_from_u64(1));
//! # let (x, target) = (SMatrix::<f32, 2, 3>::new(0., 1., 2., 3., 4., 5.), SMatrix::<f32, 1, 3>::new(1., 3., 5.));
//! # let mut adam = Adam::new(0.1);
//! # let gradients = net.gradient(&x, &target).1;
//! # adam.step(&mut net, &gradients);
//! checkpoint::save(&net, folder.join("net.safetensors"))?;
//! checkpoint::save(&adam.first_moment, folder.join("first_moment.safetensors"))?;
//! checkpoint::save(&adam.second_moment, folder.join("second_moment.safetensors"))?;
//! let steps = adam.steps;
//!
//! let same_net: Tuned = checkpoint::load(folder.join("net.safetensors"))?;
//! let same_adam = Adam {
//!     first_moment: checkpoint::load_state(folder.join("first_moment.safetensors"))?,
//!     second_moment: checkpoint::load_state(folder.join("second_moment.safetensors"))?,
//!     steps,
//!     ..Adam::new(0.1)
//! };
//! assert_eq!((same_net, same_adam), (net, adam));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod error;
mod header;
mod replace;
mod tensor;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use safetensors::Dtype;

pub use crate::file::Format;
pub use error::{Difference, Error, ErrorKind};

use crate::{Parameters, Role, Scalar, Trainable, file};
use header::Header;
use tensor::{Tensor, tensors};

/// Scalars that are converted at a time.
const CHUNK: usize = 1024;

/// Writes the parameters of `net` to a file, bit by bit as they are; of a gradient, or of the state of an optimizer, those
/// that it has.
///
/// The file is written under another name beside it, `.constgrad.0.tmp` or with a higher number, synced and renamed:
/// whenever this ends, and however, `path` names the old file or the new one, whole. What a saver left that was killed, the
/// next one in the folder removes. A symbolic link is replaced, not followed.
///
/// The file keeps the mode and the owner of the one that it replaces, or is for its owner alone where the system does not
/// let it keep both. A new one has the usual mode. While it is written, it is for its owner alone.
///
/// # Errors
/// If it cannot be written, or `path` names what is no file, such as a pipe. If only the last sync of the folder failed,
/// `path` is the new file already.
///
/// # Panics
/// If a layer of one's own gives two tensors one name, or a tensor dims that do not multiply to its length.
pub fn save<N: Parameters>(net: &N, path: impl AsRef<Path>) -> Result<(), Error> {
    let path = path.as_ref();
    let tensors = tensors::<N>();
    let mut entries: Vec<(&Tensor, &[u8])> = tensors
        .iter()
        .map(|tensor| (tensor, net.tensor(tensor.index)))
        .filter(|(tensor, scalars)| tensor.role == Role::Trained || !scalars.is_empty())
        .map(|(tensor, scalars)| (tensor, bytemuck::cast_slice(tensor.checked(scalars))))
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
/// If the file cannot be read, is damaged, or holds other tensors than those of the network: then the error lists what
/// differs.
///
/// # Panics
/// As [`save`].
pub fn load<N: Trainable>(path: impl AsRef<Path>) -> Result<N, Error> {
    let path = path.as_ref();
    read(path, N::zeros, |_| true).map_err(|kind| kind.of(path))
}

/// Reads a gradient, or what an optimizer remembers, from a file that [`save`] made of one: all tensors that are trained.
///
/// # Errors
/// As [`load`]. A file may hold statistics too, as those of version 0.1 do, which are not read.
///
/// # Panics
/// As [`save`].
pub fn load_state<N: Trainable>(path: impl AsRef<Path>) -> Result<N, Error> {
    let path = path.as_ref();
    read(path, N::state, |role| role == Role::Trained).map_err(|kind| kind.of(path))
}

/// Reads the tensors that `holds` says, and no others, into what `room` makes.
fn read<N: Trainable>(path: &Path, room: fn() -> N, holds: fn(Role) -> bool) -> Result<N, ErrorKind> {
    let mut file = file::open(path).map_err(ErrorKind::NotRead)?;
    let header = Header::read(&mut file)?;
    let (tensors, others): (Vec<_>, Vec<_>) = tensors::<N>().into_iter().partition(|tensor| holds(tensor.role));
    header.check(&tensors, &others, dtype::<N::Scalar>())?;
    let mut net = room();
    for tensor in &tensors {
        tensor.checked(net.tensor(tensor.index));
        let (dtype, start) = header.place(&tensor.name);
        file.seek(SeekFrom::Start(start)).map_err(ErrorKind::NotRead)?;
        read_tensor(&mut file, dtype, net.tensor_mut(tensor.index)).map_err(ErrorKind::NotRead)?;
    }
    Ok(net)
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
