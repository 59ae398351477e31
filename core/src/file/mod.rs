//! Files that others wrote: opened, told apart, and quoted in messages.

mod format;
mod text;

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

pub use format::Format;
#[cfg(feature = "safetensors")]
pub(crate) use text::Cut;
pub(crate) use text::Escaped;

/// Opens a file, which a FIFO, a device or a folder is not: some would be waited for without end.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    regular(&fs::metadata(path)?)?;
    File::open(path)
}

/// Refuses what is no file in the strict sense.
pub(crate) fn regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() { Ok(()) } else { Err(io::Error::other(format!("it is {}, not a file", kind(metadata)))) }
}

/// What it is, if it is no file.
#[cfg(unix)]
fn kind(metadata: &Metadata) -> &'static str {
    use std::os::unix::fs::FileTypeExt;

    match metadata.file_type() {
        kind if kind.is_dir() => "a folder",
        kind if kind.is_fifo() => "a pipe",
        kind if kind.is_socket() => "a socket",
        _ => "a device",
    }
}

/// What it is, if it is no file.
#[cfg(not(unix))]
fn kind(metadata: &Metadata) -> &'static str {
    if metadata.is_dir() { "a folder" } else { "something else" }
}
