//! Why a file was refused.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::file::{Cut, Escaped, Format};

/// Why a file was refused, or could not be written. What the file says is escaped in the message, and cut where it is long.
#[derive(Debug, thiserror::Error)]
#[error("{}: {kind}", Escaped(&path.to_string_lossy()))]
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
    /// It is something else.
    #[error("expected a safetensors file, found {found}{}", remedy(*.found))]
    OtherFormat {
        /// What it is.
        found: Format,
    },
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
    /// It says that its header is longer than headers may be.
    #[error("expected a header of at most {most} bytes, found one of {found}, as the first 8 bytes say")]
    HeaderTooLong {
        /// The length of the longest header.
        most: u64,
        /// What its first bytes say.
        found: u64,
    },
    /// Its header is not the JSON that it should be.
    #[error("expected a header that lists tensors as JSON, found: {}", Cut(reason))]
    Header {
        /// What is wrong with it.
        reason: String,
    },
    /// Its tensors overlap, leave a gap, or take another number of bytes than their shape and type say.
    #[error("expected the data of `{}`, {}, at bytes {expected:?}, found it at {found:?}", Cut(name), Cut(what))]
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
    #[error("expected the tensors of the network, found others:{}", Lines(differences, *more))]
    OtherNetwork {
        /// The first differences, twenty or fewer.
        differences: Vec<Difference>,
        /// How many more there are.
        more: usize,
    },
}

/// How the tensors of a file differ from those of a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Difference {
    /// All names in the file start with what those of the network do not start with, and differ in nothing else.
    #[error("all names in the file start with `{}`, those of the network do not: {}", Cut(prefix), Without(prefix))]
    PrefixInFile {
        /// What they start with.
        prefix: String,
    },
    /// All names of the network start with what those in the file do not start with, and differ in nothing else.
    #[error(
        "all names of the network start with `{prefix}`, those in the file do not: \
         load it as that part, `network.{} = checkpoint::load(path)?`",
        prefix.trim_end_matches('.')
    )]
    PrefixInNetwork {
        /// What they start with.
        prefix: String,
    },
    /// The file lacks a tensor.
    #[error("{name}: the file has no such tensor, the network has {network:?}")]
    Missing {
        /// The name of the tensor.
        name: String,
        /// Its shape in the network.
        network: &'static [usize],
    },
    /// The network lacks a tensor.
    #[error("{}: the file has {}, the network no such tensor", Cut(name), Dims(file))]
    Unexpected {
        /// The name of the tensor.
        name: String,
        /// Its shape in the file.
        file: Vec<usize>,
    },
    /// A tensor has two shapes.
    #[error("{name}: the file has {}, the network {network:?}", Dims(file))]
    Shape {
        /// The name of the tensor.
        name: String,
        /// Its shape in the file.
        file: Vec<usize>,
        /// Its shape in the network.
        network: &'static [usize],
    },
    /// The scalars of a tensor are of a type that the network does not take.
    #[error("{name}: the file has scalars of type {}, the network takes {network}", Cut(file))]
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

/// What to do with a file of another format, where that does not say it.
fn remedy(found: Format) -> &'static str {
    match found {
        Format::Zip | Format::Pickle => {
            ", such as `torch.save` writes: in Python, `safetensors.torch.save_file(model.state_dict(), path)` writes \
             what is expected"
        }
        Format::Gzip
        | Format::Bzip2
        | Format::Xz
        | Format::Zstandard
        | Format::Lz4
        | Format::SevenZip
        | Format::Tar => ": unpack it",
        _ => "",
    }
}

/// How to take a prefix from all names of a file.
struct Without<'a>(&'a str);

impl fmt::Display for Without<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "in Python, with `safetensors.torch`, \
             `save_file({{name.removeprefix(\"{}\"): tensor for name, tensor in load_file(path).items()}}, path)` removes it",
            Cut(self.0)
        )
    }
}

/// A shape.
struct Dims<'a>(&'a [usize]);

impl fmt::Display for Dims<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Cut(&format!("{:?}", self.0)).fmt(f)
    }
}

/// A line each, and one for those that are left out.
struct Lines<'a>(&'a [Difference], usize);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(differences, more) = *self;
        differences.iter().try_for_each(|difference| write!(f, "\n  {difference}"))?;
        if more > 0 { write!(f, "\n  and {more} more") } else { Ok(()) }
    }
}
