//! Who may read a file: nobody but its owner while it is written, and then those who could read the one that it replaces.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

/// Who may read a file when it is whole.
#[cfg(unix)]
pub(super) struct Access {
    mode: u32,
    /// The user and the group that it belongs to.
    owner: Option<(u32, u32)>,
}

#[cfg(unix)]
impl Access {
    /// A new file, for its owner alone, that will be what the old one was; without one, what new files usually are.
    pub(super) fn create(path: &Path, old: Option<&Metadata>) -> io::Result<(File, Self)> {
        use std::fs::{OpenOptions, Permissions};
        use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};

        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        if let Some(old) = old {
            let access = Self { mode: old.mode() & 0o777, owner: Some((old.uid(), old.gid())) };
            return Ok((options.mode(0o600).open(path)?, access));
        }
        // Only the system knows the usual mode, and says it by a file, which is empty until it is private.
        let file = options.open(path)?;
        let access = Self { mode: file.metadata()?.mode() & 0o777, owner: None };
        // Some file systems know one mode for all files: then it stays.
        _ = file.set_permissions(Permissions::from_mode(0o600));
        Ok((file, access))
    }

    /// Lets those read the file who may. Where that cannot be, it stays private, which is no reason to lose it.
    pub(super) fn grant(&self, file: &File) {
        use std::fs::Permissions;
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};

        let belongs = |(user, group)| {
            let is = file.metadata().is_ok_and(|found| (found.uid(), found.gid()) == (user, group));
            is || fchown(file, Some(user), Some(group)).is_ok()
        };
        // To another owner the same mode would let others read it.
        if self.owner.is_none_or(belongs) {
            _ = file.set_permissions(Permissions::from_mode(self.mode));
        }
    }
}

/// Elsewhere the folder says it.
#[cfg(not(unix))]
pub(super) struct Access;

#[cfg(not(unix))]
impl Access {
    pub(super) fn create(path: &Path, _: Option<&Metadata>) -> io::Result<(File, Self)> {
        Ok((File::create_new(path)?, Self))
    }

    pub(super) fn grant(&self, _: &File) {}
}
