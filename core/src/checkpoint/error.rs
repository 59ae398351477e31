//! Why a file was refused.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Why a file was refused, or could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", path.display())]
pub struct Error {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: ErrorKind,
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// It cannot be opened or read.
    #[error("cannot be read: {0}")]
    NotRead(io::Error),
    /// It cannot be written.
    #[error("cannot be written: {0}")]
    NotWritten(io::Error),
    /// It is too short for the length of a header.
    #[error("expected a safetensors file, which starts with 8 bytes for the length of its header, found {found} bytes")]
    TooShort {
        /// Its length.
        found: u64,
    },
    /// It is too short for its header, or no safetensors file.
    #[error("expected a header of {expected} bytes, as the first 8 bytes say, found {found} bytes after them")]
    HeaderLength {
        /// What its first bytes say.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// Its header is not the JSON that it should be.
    #[error("expected a header that lists tensors as JSON, found: {reason}")]
    Header {
        /// What is wrong with it.
        reason: String,
    },
    /// Its tensors overlap, leave a gap, or take another number of bytes than their shape and type say.
    #[error("expected the data of `{}`, {what}, at bytes {expected:?}, found it at {found:?}", name.escape_debug())]
    Place {
        /// The name of the tensor.
        name: String,
        /// The type of its scalars and its shape, such as `F32 [50, 784]`.
        what: String,
        /// Where it has to lie, after those before it.
        expected: Range<u64>,
        /// Where the header says that it lies.
        found: Range<u64>,
    },
    /// It is cut, or goes on after the last tensor.
    #[error("expected {expected} bytes of data after the header, found {found}")]
    DataLength {
        /// What the tensors take.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// It is a checkpoint of another network.
    #[error("expected the tensors of the network, found others:{}", Lines(.0))]
    OtherNetwork(
        /// Each difference, once.
        Vec<Difference>,
    ),
}

/// How the tensors of a file differ from those of a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Difference {
    /// The file lacks a tensor.
    #[error("{name}: the file has no such tensor, the network has {network:?}")]
    Missing {
        /// The name of the tensor.
        name: String,
        /// Its shape in the network.
        network: &'static [usize],
    },
    /// The network lacks a tensor.
    #[error("{}: the file has {file:?}, the network no such tensor", name.escape_debug())]
    Unexpected {
        /// The name of the tensor.
        name: String,
        /// Its shape in the file.
        file: Vec<usize>,
    },
    /// A tensor has two shapes.
    #[error("{name}: the file has {file:?}, the network {network:?}")]
    Shape {
        /// The name of the tensor.
        name: String,
        /// Its shape in the file.
        file: Vec<usize>,
        /// Its shape in the network.
        network: &'static [usize],
    },
    /// The scalars of a tensor are of a type that the network does not take.
    #[error("{name}: the file has scalars of type {file}, the network takes {network}")]
    Type {
        /// The name of the tensor.
        name: String,
        /// The type of its scalars in the file.
        file: String,
        /// The types that the network takes.
        network: &'static str,
    },
}

impl ErrorKind {
    pub(super) fn of(self, path: &Path) -> Error {
        Error { path: path.to_owned(), kind: self }
    }
}

/// A line each.
struct Lines<'a>(&'a [Difference]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|difference| write!(f, "\n  {difference}"))
    }
}
