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

/// Whether it is a file in the strict sense.
pub(crate) fn regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = if metadata.is_dir() { "a folder" } else { "a pipe, a socket or a device" };
    Err(io::Error::other(format!("it is {what}, not a file")))
}
