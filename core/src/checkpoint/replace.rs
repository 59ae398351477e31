//! Files that are replaced whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::access::Access;
use crate::file;

/// What the names of temporary files start and end with, a number between them: short enough beside any name.
const NAME: [&str; 2] = [".constgrad.", ".tmp"];

/// How often a temporary file may be lost to others before something is wrong.
const LOSSES: usize = 100;

/// Writes a new file beside `path` and gives it that name, which until then is that of the old one.
pub(super) fn file(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let name = path.file_name().ok_or_else(|| io::Error::other("the path names no file"))?;
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let old = old(path)?;
    remove_stale(folder, name);
    let (mut file, access, temporary) = create(folder, old.as_ref())?;
    let written = write(&mut file).and_then(|()| {
        access.grant(&file);
        file.sync_all()
    });
    // It is locked until it has its name, or is gone.
    let renamed = written.and_then(|()| fs::rename(&temporary, path));
    if renamed.is_err() {
        // What went wrong first is what is reported.
        _ = fs::remove_file(&temporary);
    }
    drop(file);
    renamed.and_then(|()| sync(folder))
}

/// The file that is replaced, if there is one: what a link leads to says who may read it.
fn old(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        old => old.and_then(|old| file::regular(&old).map(|()| Some(old))),
    }
}

/// A new file with a name of its own, which is locked while it is written: other threads and processes may be writing.
fn create(folder: &Path, old: Option<&Metadata>) -> io::Result<(File, Access, PathBuf)> {
    let (mut attempt, mut losses) = (0_u64, 0);
    while losses < LOSSES {
        let [start, end] = NAME;
        let temporary = folder.join(format!("{start}{attempt}{end}"));
        match Access::create(&temporary, old) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => attempt += 1,
            created => {
                let (file, access) = created?;
                if claim(&file, &temporary) {
                    return Ok((file, access, temporary));
                }
                losses += 1;
            }
        }
    }
    Err(io::Error::other("another program removes the temporary files"))
}

/// Locks a file that was just created, unless another saver was faster and took it for a stale one.
fn claim(file: &File, path: &Path) -> bool {
    match file.try_lock() {
        Ok(()) => is_at(file, path),
        Err(TryLockError::WouldBlock) => false,
        // Where nothing can be locked, nothing is taken for stale.
        Err(TryLockError::Error(_)) => true,
    }
}

/// Removes what savers left that were killed: the system took their locks. What cannot be looked at stays.
fn remove_stale(folder: &Path, written: &OsStr) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let is_temporary = name.to_str().is_some_and(|name| {
            let [start, end] = NAME;
            let number = name.strip_prefix(start).and_then(|name| name.strip_suffix(end));
            number.is_some_and(|number| number.parse::<u64>().is_ok())
        });
        // A link or a pipe of that name is nobody's temporary file.
        if is_temporary && name != written && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let path = entry.path();
            let opened = OpenOptions::new().write(true).open(&path).or_else(|_| File::open(&path));
            // Since it was opened, its saver may have renamed it, and another have created one of its name.
            if let Ok(file) = opened
                && file.try_lock().is_ok()
                && is_at(&file, &path)
            {
                _ = fs::remove_file(&path);
            }
        }
    }
}

/// Whether the path names this very file.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;

    let place = |metadata: io::Result<Metadata>| metadata.map(|metadata| (metadata.dev(), metadata.ino())).ok();
    place(file.metadata()).is_some_and(|of_file| place(fs::symlink_metadata(path)) == Some(of_file))
}

/// Whether the path names this very file, as far as one can tell.
#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// Makes the new name last, where a folder can be synced.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::io::{self, Write};
    use std::path::Path;
    use std::thread;

    use super::file;

    fn names(folder: &Path) -> Vec<String> {
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
        let error = file(&path, |file| file.write_all(b"new")).unwrap_err();
        assert_eq!(error.to_string(), "it is a folder, not a file");
        assert_eq!(names(folder.path()), ["net"]);
    }

    #[test]
    fn the_old_file_stays_while_the_new_one_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net");
        fs::write(&path, "old").unwrap();
        // What another saver writes.
        let other = File::create_new(folder.path().join(".constgrad.0.tmp")).unwrap();
        other.lock().unwrap();
        file(&path, |file| {
            file.write_all(b"new")?;
            assert_eq!(fs::read(&path)?, b"old");
            assert_eq!(names(folder.path()), [".constgrad.0.tmp", ".constgrad.1.tmp", "net"]);
            Ok(())
        })
        .unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(folder.path()), [".constgrad.0.tmp", "net"]);
    }

    #[test]
    fn what_killed_savers_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        // Without a lock: whoever had it is dead. The last two are no temporary files of savers.
        for name in [".constgrad.0.tmp", ".constgrad.7.tmp", ".constgrad.x.tmp", ".constgrad.1.tmp2"] {
            fs::write(folder.path().join(name), "n").unwrap();
        }
        file(&folder.path().join("net"), |file| file.write_all(b"new")).unwrap();
        assert_eq!(names(folder.path()), [".constgrad.1.tmp2", ".constgrad.x.tmp", "net"]);
    }

    #[test]
    fn savers_do_not_disturb_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net");
        let save = |byte: u8| {
            for _ in 0..200 {
                file(&path, |file| file.write_all(&[byte; 100])).unwrap();
                let found = fs::read(&path).unwrap();
                assert!(found.len() == 100 && found.iter().all(|byte| *byte == found[0]));
            }
        };
        thread::scope(|scope| (0..4).for_each(|byte| _ = scope.spawn(move || save(byte))));
        assert_eq!(names(folder.path()), ["net"]);
    }

    #[test]
    fn names_are_as_long_as_the_system_allows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("n".repeat(255));
        for _ in 0..2 {
            file(&path, |file| file.write_all(b"new")).unwrap();
        }
        assert_eq!(names(folder.path()), ["n".repeat(255)]);
    }

    #[cfg(unix)]
    mod unix {
        use std::fs::{File, Permissions};
        use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
        use std::os::unix::net::UnixListener;

        use super::*;

        fn mode(path: &Path) -> u32 {
            fs::metadata(path).unwrap().mode() & 0o7777
        }

        /// Replaces a file, and says the mode of the new one while it was written and after.
        fn modes(path: &Path) -> [u32; 2] {
            let mut written = 0;
            file(path, |file| {
                written = file.metadata()?.mode() & 0o7777;
                file.write_all(b"new")
            })
            .unwrap();
            [written, mode(path)]
        }

        #[test]
        fn the_mode_stays_and_nobody_reads_what_is_not_whole() {
            let folder = tempfile::tempdir().unwrap();
            let (path, usual) = (folder.path().join("net"), folder.path().join("usual"));
            File::create(&usual).unwrap();
            assert_eq!(modes(&path), [0o600, mode(&usual)]);
            for (old, new) in [(0o600, 0o600), (0o644, 0o644), (0o660, 0o660), (0o444, 0o444), (0o6755, 0o755)] {
                fs::set_permissions(&path, Permissions::from_mode(old)).unwrap();
                assert_eq!(modes(&path), [0o600, new]);
            }
            // A link is replaced by a file for those who could read what it led to.
            let link = folder.path().join("link");
            fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
            symlink("net", &link).unwrap();
            assert_eq!(modes(&link), [0o600, 0o640]);
            assert!(fs::symlink_metadata(&link).unwrap().is_file());
            let dangling = folder.path().join("dangling");
            symlink("nothing", &dangling).unwrap();
            assert_eq!(modes(&dangling), [0o600, mode(&usual)]);
        }

        #[test]
        fn the_owner_stays_where_the_system_allows() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("net");
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
            // Only the superuser gives files away.
            let is_given = chown(&path, Some(4321), Some(1234)).is_ok();
            let before = fs::metadata(&path).unwrap();
            assert_eq!(modes(&path), [0o600, 0o640]);
            let after = fs::metadata(&path).unwrap();
            assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
            assert_eq!(is_given, after.uid() == 4321);
        }

        #[test]
        fn only_files_are_replaced() {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("net");
            let _socket = UnixListener::bind(&path).unwrap();
            let link = folder.path().join("link");
            symlink("/dev/null", &link).unwrap();
            for (path, what) in [(&*path, "a socket"), (&*link, "a device"), (Path::new("/dev/null"), "a device")] {
                let error = file(path, |file| file.write_all(b"new")).unwrap_err();
                assert_eq!(error.to_string(), format!("it is {what}, not a file"));
            }
            assert_eq!(names(folder.path()), ["link", "net"]);
        }
    }
}
