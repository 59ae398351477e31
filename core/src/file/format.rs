//! What a file is, by its first bytes, where something else was expected.

use std::fmt;

/// A format that is often found where another is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// A zip archive: `torch.save` writes one, and `numpy.savez`.
    Zip,
    /// A Python pickle, which `torch.save` wrote before.
    Pickle,
    /// An HTML or XML page: what a server says instead.
    Page,
    /// A JSON text: an index of files, or what a server says instead.
    Json,
    /// Another text.
    Text,
    /// What Git LFS puts in the place of a file that it did not fetch.
    LfsPointer,
    /// A file compressed by gzip.
    Gzip,
    /// A file compressed by bzip2.
    Bzip2,
    /// A file compressed by xz.
    Xz,
    /// A file compressed by Zstandard.
    Zstandard,
    /// A file compressed by LZ4.
    Lz4,
    /// A 7z archive.
    SevenZip,
    /// An array of `numpy`.
    Numpy,
    /// An HDF5 file, as Keras writes it.
    Hdf5,
    /// A GGUF file, as llama.cpp reads it.
    Gguf,
    /// An ONNX model.
    Onnx,
    /// A tar archive.
    Tar,
    /// An IDX file that is not compressed.
    Idx,
    /// A safetensors file.
    Safetensors,
}

impl Format {
    /// As many bytes as [`of`](Self::of) looks at.
    pub(crate) const START: usize = 512;

    /// The format of a file that starts with these bytes, if it is one of these.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let magic = |bytes: &[u8]| start.starts_with(bytes);
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
        Some(match start {
            // Where others have numbers of their own, this has a size that is far below 2^32, and an object after it.
            [_, _, _, _, 0, 0, 0, 0, b'{', ..] => Self::Safetensors,
            _ if magic(b"PK\x03\x04") || magic(b"PK\x05\x06") => Self::Zip,
            [0x80, 2..=5, ..] => Self::Pickle,
            _ if magic(b"version https://git-lfs") => Self::LfsPointer,
            _ if magic(b"\x1f\x8b") => Self::Gzip,
            [b'B', b'Z', b'h', b'1'..=b'9', ..] => Self::Bzip2,
            _ if magic(b"\xfd7zXZ\0") => Self::Xz,
            _ if magic(b"\x28\xb5\x2f\xfd") => Self::Zstandard,
            _ if magic(b"\x04\x22\x4d\x18") => Self::Lz4,
            _ if magic(b"7z\xbc\xaf\x27\x1c") => Self::SevenZip,
            _ if magic(b"\x93NUMPY") => Self::Numpy,
            _ if magic(b"\x89HDF\r\n\x1a\n") => Self::Hdf5,
            _ if magic(b"GGUF") => Self::Gguf,
            // The version of the format, then who wrote it, or the graph.
            [0x08, 1..=32, 0x12 | 0x3a, ..] => Self::Onnx,
            [0, 0, 0x08 | 0x09 | 0x0b..=0x0e, 1..=4, ..] => Self::Idx,
            _ if start.get(257..262) == Some(b"ustar") => Self::Tar,
            _ if matches!(text, [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..]) => Self::Page,
            _ if matches!(text, [b'{', b'"' | b' ' | b'\r' | b'\n' | b'\t', ..]) => Self::Json,
            [_, _, _, _, _, _, _, _, ..]
                if start.iter().all(|&byte| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n')) =>
            {
                Self::Text
            }
            _ => return None,
        })
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zip => "a zip archive",
            Self::Pickle => "a Python pickle",
            Self::Page => "an HTML or XML page, which a server may have sent in its place: download it again",
            Self::Json => "a JSON text, such as an index or what a server sent in its place",
            Self::Text => "a text",
            Self::LfsPointer => "a pointer of Git LFS to it: fetch it with `git lfs pull`",
            Self::Gzip => "a gzip file",
            Self::Bzip2 => "a bzip2 file",
            Self::Xz => "an xz file",
            Self::Zstandard => "a Zstandard file",
            Self::Lz4 => "an LZ4 file",
            Self::SevenZip => "a 7z archive",
            Self::Numpy => "an array of numpy",
            Self::Hdf5 => "an HDF5 file",
            Self::Gguf => "a GGUF file",
            Self::Onnx => "an ONNX model",
            Self::Tar => "a tar archive",
            Self::Idx => "an IDX file that is not compressed",
            Self::Safetensors => "a safetensors file",
        })
    }
}
