//! One program per folder: a lock that the kernel releases when the process ends, however it ends.
//!
//! `.lock` is locked and contains the process id of its holder. The folder itself is locked as well, so that two
//! programs exclude each other even if the disk is full or read-only and `.lock` cannot be created.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _};
use rustix::fs::OFlags;
use rustix::io::Errno;

use crate::locked::Locked;
use crate::options::ControlError;

/// The file that is locked.
const LOCK: &str = ".lock";

/// No other program uses the folder until this is dropped.
pub(super) struct Lock {
    _file: Option<Locked>,
    _folder: Option<Locked>,
}

impl Lock {
    pub fn take(root: &Dir, path: &Path) -> Result<Lock, ControlError> {
        let wrong =
            |e: io::Error| ControlError::Storage { path: path.join(LOCK), reason: format!("cannot be locked: {e}") };
        let in_use = || ControlError::FolderInUse { folder: path.to_owned(), pid: holder(root) };
        let folder = root.open(".").map_err(wrong)?.into_std();
        let folder = match Locked::take(folder) {
            Ok(folder) => Some(folder),
            Err(Errno::WOULDBLOCK) => return Err(in_use()),
            // Some file systems can lock only files.
            Err(Errno::BADF | Errno::ISDIR | Errno::NOLCK | Errno::OPNOTSUPP | Errno::NOSYS | Errno::INVAL) => None,
            Err(error) => return Err(wrong(error.into())),
        };
        let file = match lock_file(root) {
            Ok(Some(file)) => Some(file),
            Ok(None) => return Err(in_use()),
            // There is no space for a new file, or the folder is read-only: the folder's own lock has to do.
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::ReadOnlyFilesystem
                ) =>
            {
                None
            }
            Err(error) => return Err(wrong(error)),
        };
        Ok(Lock { _file: file, _folder: folder })
    }
}

/// The lock file, created if necessary, and locked; `None` if another program has locked it.
fn lock_file(root: &Dir) -> io::Result<Option<Locked>> {
    let writable = open(root, true)?;
    // A file open for writing would prevent the file system from being made read-only.
    let file = open(root, false)?;
    let locked = match Locked::take(file) {
        // A network file system may require a writable file for a lock.
        Err(Errno::BADF) => Locked::take(writable.try_clone()?),
        locked => locked,
    };
    let locked = match locked {
        Ok(locked) => locked,
        Err(Errno::WOULDBLOCK) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // The id is for the error message of another program; nothing depends on it.
    let pid = format!("{:<10}\n", std::process::id());
    let _ = (&writable).write_all(pid.as_bytes());
    Ok(Some(locked))
}

/// Opens the lock file; creates it if `write` is set and it does not exist. A link is rejected, because it could point
/// to another user's file.
fn open(root: &Dir, write: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(write).create(write).mode(0o600).custom_flags(OFlags::NOFOLLOW.bits() as i32);
    root.open_with(LOCK, &options).map(|file| file.into_std())
}

/// The process that holds the lock, if it has written its id.
fn holder(root: &Dir) -> Option<u32> {
    let mut text = String::new();
    root.open(LOCK).ok()?.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
