//! Files that are replaced whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Writes a new file beside `path` and gives it that name, which until then is that of the old one.
pub(super) fn file(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let (mut file, temporary) = create(folder, name)?;
    let written = write(&mut file).and_then(|()| file.sync_all());
    drop(file); // some platforms rename no open file
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if renamed.is_err() {
        // What went wrong first is what is reported.
        _ = fs::remove_file(&temporary);
    }
    renamed.and_then(|()| sync(folder))
}

/// A new file with a name of its own: other threads and processes may be writing, or may have died.
fn create(folder: &Path, name: &OsStr) -> io::Result<(File, PathBuf)> {
    let mut attempt = 0_u64;
    loop {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{attempt}.tmp"));
        let temporary = folder.join(temporary);
        match File::create_new(&temporary) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
            file => return Ok((file?, temporary)),
        }
    }
}

/// Makes the new name last, where a folder can be synced.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::{self, Write};

    use super::file;

    fn names(folder: &std::path::Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net");
        fs::write(&path, "old").unwrap();
        let full = || io::Error::new(io::ErrorKind::StorageFull, "no space");
        let error = file(&path, |file| file.write_all(b"ne").and_then(|()| Err(full()))).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["net"]);
    }

    #[test]
    fn a_folder_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net");
        fs::create_dir(&path).unwrap();
        file(&path, |file| file.write_all(b"new")).unwrap_err();
        assert_eq!(names(folder.path()), ["net"]);
    }

    #[test]
    fn the_old_file_stays_while_the_new_one_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net");
        fs::write(&path, "old").unwrap();
        // What a process left that died.
        fs::write(folder.path().join(".net.0.tmp"), "n").unwrap();
        file(&path, |file| {
            file.write_all(b"new")?;
            assert_eq!(fs::read(&path)?, b"old");
            assert_eq!(names(folder.path()), [".net.0.tmp", ".net.1.tmp", "net"]);
            Ok(())
        })
        .unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), [".net.0.tmp", "net"]);
    }
}
